#include "enricher/event/decimal.h"

#include "common/text/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::int64_t kDigitsMax = 10'000;
constexpr std::size_t kCompactMax = 18;  // up to this, Java's message names the bad character

// digits × 10^-scale
struct Decimal {
    bool negative = false;
    std::string digits;  // without leading zeros, `0` for zero
    std::int64_t scale = 0;
};

Result<std::int64_t> parse_exponent(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return unexpected(std::string("No exponent digits"));
    while (text.size() > 1 && text.starts_with('0')) text.remove_prefix(1);
    if (text.size() > 10) return unexpected(std::string("Too many nonzero exponent digits"));
    std::int64_t value = 0;
    for (const char c : text) {
        if (!text::is_digit(c)) return unexpected(std::string("Not a digit."));
        value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
}

Result<Decimal> parse(std::string_view text) {
    Decimal out;
    if (text.empty()) return unexpected(std::string("null"));
    const bool compact = text.size() <= kCompactMax;
    std::size_t at = 0;
    if (text[0] == '-' || text[0] == '+') {
        out.negative = text[0] == '-';
        ++at;
    }
    bool point = false;
    std::string_view exponent;
    bool has_exponent = false;
    for (; at < text.size() && !has_exponent; ++at) {
        const char c = text[at];
        if (text::is_digit(c)) {
            out.digits += c;
            out.scale += point ? 1 : 0;
        } else if (c == '.') {
            if (point)
                return unexpected(
                    std::string("Character array contains more than one decimal point."));
            point = true;
        } else if (c == 'e' || c == 'E') {
            has_exponent = true;
            exponent = text.substr(at + 1);
        } else if (compact) {
            std::size_t next = at;
            text::decode_utf8(text, next);
            return unexpected(
                fmt::format("Character {} is neither a decimal digit number, decimal "
                            "point, nor \"e\" notation exponential mark.",
                            text.substr(at, next - at)));
        } else {
            return unexpected(
                std::string("Character array is missing \"exponent\" mark 'e' or 'E'."));
        }
    }
    if (has_exponent) {
        const auto value = parse_exponent(exponent);
        if (!value) return unexpected(value.error());
        out.scale -= *value;
    }
    if (out.digits.empty()) return unexpected(std::string("No digits found."));
    out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size() - 1));
    return out;
}

// BigDecimal.toString.
std::string print(const Decimal& decimal) {
    const auto size = static_cast<std::int64_t>(decimal.digits.size());
    const auto& digits = decimal.digits;
    std::string out = decimal.negative && digits != "0" ? "-" : "";
    if (decimal.scale == 0) return out + digits;
    const std::int64_t adjusted = size - 1 - decimal.scale;
    if (decimal.scale < 0 || adjusted < -6) {
        out += digits.substr(0, 1);
        if (size > 1) out += "." + digits.substr(1);
        return out + (adjusted < 0 ? "E" : "E+") + std::to_string(adjusted);
    }
    if (size > decimal.scale) {
        const auto whole = static_cast<std::size_t>(size - decimal.scale);
        return out + digits.substr(0, whole) + "." + digits.substr(whole);
    }
    return out + "0." + std::string(static_cast<std::size_t>(decimal.scale - size), '0') + digits;
}

}  // namespace

Converted convert_decimal(std::string_view text, json::Arena& arena) {
    const auto failure = [](std::string_view why) {
        return unexpected(
            fmt::format("cannot be converted to java.math.BigDecimal. Error : {}", why));
    };
    if (text.size() == 4 && (text[0] | 0x20) == 'n' && (text[1] | 0x20) == 'u' &&
        (text[2] | 0x20) == 'l' && (text[3] | 0x20) == 'l') {
        return std::nullopt;
    }
    auto decimal = parse(text);
    if (!decimal) return failure(decimal.error());
    if (decimal->scale < 0 && decimal->digits != "0") {
        if (static_cast<std::int64_t>(decimal->digits.size()) - decimal->scale > kDigitsMax) {
            return failure("more than 10,000 digits");
        }
        decimal->digits.append(static_cast<std::size_t>(-decimal->scale), '0');
    }
    decimal->scale = std::max<std::int64_t>(decimal->scale, 0);
    return arena.copy(print(*decimal));
}

std::string_view respell_number(std::string_view number, json::Arena& arena) {
    if (number == "-0") return "0";
    if (number.find_first_of(".eE") == std::string_view::npos) return number;
    const auto decimal = parse(number);
    constexpr std::int64_t kScaleMax = INT32_MAX;
    if (!decimal || decimal->scale > kScaleMax || decimal->scale < -kScaleMax) return number;
    return arena.copy(print(*decimal));
}

}  // namespace snowline::enricher
