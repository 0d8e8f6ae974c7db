#include "enricher/adapt/number.h"

#include "common/text/ascii.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// A decimal number: digits, and the position of the point among them.
struct Decimal {
    bool is_negative = false;
    std::string digits;
    std::int64_t point = 0;  // digits before it; may be beyond either end
};

std::optional<Decimal> parse_decimal(std::string_view text) {
    constexpr std::int64_t kExponentMax = 100'000;
    Decimal out;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
        out.is_negative = text[at++] == '-';
    while (at < text.size() && text::is_digit(text[at])) out.digits += text[at++];
    out.point = static_cast<std::int64_t>(out.digits.size());
    if (at < text.size() && text[at] == '.') {
        ++at;
        while (at < text.size() && text::is_digit(text[at])) out.digits += text[at++];
    }
    if (out.digits.empty()) return std::nullopt;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && text[at] == '+') ++at;
        std::int64_t exponent = 0;
        const auto [end, error] =
            std::from_chars(text.data() + at, text.data() + text.size(), exponent);
        if (error != std::errc() || std::abs(exponent) > kExponentMax) return std::nullopt;
        at = static_cast<std::size_t>(end - text.data());
        out.point += exponent;
    }
    if (at != text.size()) return std::nullopt;
    return out;
}

// Keeps `keep` digits; the rest determines the rounding.
void round_half_even(Decimal& number, std::int64_t keep) {
    const auto size = static_cast<std::int64_t>(number.digits.size());
    if (keep >= size) return;
    if (keep < 0) {
        number.digits = "0";
        number.point = 1;
        return;
    }
    const std::string rest = number.digits.substr(static_cast<std::size_t>(keep));
    number.digits.resize(static_cast<std::size_t>(keep));
    const bool is_half = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string::npos;
    const bool last_is_odd = keep > 0 && (number.digits.back() - '0') % 2 == 1;
    const bool grows = is_half ? last_is_odd : rest[0] >= '5';
    if (!grows) return;
    for (std::size_t i = number.digits.size(); i-- > 0;) {
        if (number.digits[i] != '9') {
            ++number.digits[i];
            return;
        }
        number.digits[i] = '0';
    }
    number.digits.insert(number.digits.begin(), '1');
    ++number.point;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) {
    text = text::java_trim(text);
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    const double sign = is_negative ? -1.0 : 1.0;
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
    constexpr std::string_view kSuffixes = "fFdD";
    if (!text.empty() && kSuffixes.find(text.back()) != std::string_view::npos) {
        text.remove_suffix(1);
    }
    const auto decimal = parse_decimal(text);
    if (!decimal || text.starts_with('-') || text.starts_with('+')) return std::nullopt;
    const std::string written = fmt::format("0.{}e{}", decimal->digits, decimal->point);
    double number = 0;
    const auto [end, error] =
        std::from_chars(written.data(), written.data() + written.size(), number);
    if (error == std::errc::result_out_of_range) {
        const bool is_small = decimal->point < 0;
        return sign * (is_small ? 0.0 : std::numeric_limits<double>::infinity());
    }
    return sign * number;
}

std::optional<double> parse_two_decimals(std::string_view text) {
    auto decimal = parse_decimal(text);
    if (!decimal) return std::nullopt;
    round_half_even(*decimal, decimal->point + 2);
    return parse_double(
        fmt::format("{}0.{}e{}", decimal->is_negative ? "-" : "", decimal->digits, decimal->point));
}

json::Value double_json(double number, json::Arena& arena) {
    if (!std::isfinite(number)) return json::Value::null();
    if (number == 0) return json::Value::number(std::signbit(number) ? "-0.0" : "0.0");
    // The shortest digits that parse to the same number: d.ddde±xx.
    char shortest[32];
    const auto end = std::to_chars(std::begin(shortest), std::end(shortest), std::abs(number),
                                   std::chars_format::scientific)
                         .ptr;
    const std::string_view scientific(shortest, static_cast<std::size_t>(end - shortest));
    const std::size_t e = scientific.find('e');
    int exponent = 0;
    const std::size_t sign_end = scientific[e + 1] == '+' ? e + 2 : e + 1;
    std::from_chars(scientific.data() + sign_end, end, exponent);
    std::string digits(1, scientific[0]);
    if (e > 2) digits += scientific.substr(2, e - 2);

    std::string out = number < 0 ? "-" : "";
    if (exponent < -3 || exponent >= 7) {
        const std::string fraction = digits.size() > 1 ? digits.substr(1) : "0";
        out += fmt::format("{}.{}E{}", digits[0], fraction, exponent);
    } else if (exponent < 0) {
        out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    } else {
        const auto whole = static_cast<std::size_t>(exponent) + 1;
        if (digits.size() < whole + 1) digits.resize(whole + 1, '0');
        out += digits.substr(0, whole) + "." + digits.substr(whole);
    }
    return json::Value::number(arena.copy(out));
}

}  // namespace snowline::enricher
