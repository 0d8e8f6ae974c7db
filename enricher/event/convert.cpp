#include "enricher/event/convert.h"

#include "common/text/ascii.h"
#include "common/text/time.h"
#include "common/text/utf8.h"
#include "common/text/uuid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::pair<std::string_view, std::string_view> kEventTypes[] = {
    {"se", "struct"},      {"ev", "struct"},           {"ue", "unstruct"},  {"ad", "ad_impression"},
    {"tr", "transaction"}, {"ti", "transaction_item"}, {"pv", "page_view"}, {"pp", "page_ping"},
};

constexpr std::string_view kPlatforms[] = {"web", "iot", "app", "mob", "pc", "cnsl", "tv", "srv"};

// Zeros of the scripts' decimal digits (Unicode's Nd) in the basic plane.
constexpr std::array<std::uint16_t, 37> kZeros{
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6,
    0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0,
    0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10};

constexpr std::int64_t kYear0 = -62'167'219'200'000;      // 0000-01-01
constexpr std::int64_t kYear10000 = 253'402'300'800'000;  // 10000-01-01

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_null_word(std::string_view text) {
    constexpr std::string_view kNull = "null";
    return text.size() == 4 && std::equal(text.begin(), text.end(), kNull.begin(),
                                          [](char a, char b) { return (a | 0x20) == b; });
}

std::optional<int> digit_of(std::uint32_t code) {
    if (code < 0x80) {
        return code >= '0' && code <= '9' ? std::optional<int>(static_cast<int>(code - '0'))
                                          : std::nullopt;
    }
    for (const std::uint16_t zero : kZeros) {
        if (code >= zero && code < zero + 10U) return static_cast<int>(code - zero);
    }
    return std::nullopt;
}

std::optional<std::int64_t> parse_java_number(std::string_view text, std::int64_t min,
                                              std::int64_t max) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    std::int64_t value = 0;  // negated, so that the smallest number fits
    for (std::size_t at = 0; at < text.size();) {
        const auto digit = digit_of(text::decode_utf8(text, at));
        if (!digit) return std::nullopt;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *digit, &value)) {
            return std::nullopt;
        }
    }
    if (value < min) return std::nullopt;
    if (negative) return value;
    return value < -max ? std::nullopt : std::optional<std::int64_t>(-value);
}

bool is_canonical_int(std::string_view text) {
    if (text.empty() || text.size() > 9) return false;  // ten digits may be too large
    if (text[0] == '0') return text.size() == 1;
    return std::all_of(text.begin(), text.end(), text::is_digit);
}

}  // namespace

std::string_view tsv_safe(std::string_view text, json::Arena& arena) {
    if (std::none_of(text.begin(), text.end(), is_control)) return text;
    const auto tabs = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\t'));
    char* out = arena.allocate_array<char>(text.size() + 3 * tabs);
    char* put = out;
    for (const char c : text) {
        if (c == '\t')
            put = std::fill_n(put, 4, ' ');
        else if (!is_control(c))
            *put++ = c;
    }
    return {out, static_cast<std::size_t>(put - out)};
}

std::optional<std::string_view> text_value(std::string_view text, json::Arena& arena) {
    const std::string_view safe = tsv_safe(text, arena);
    return safe.empty() ? std::nullopt : std::optional(safe);
}

// As java.lang.String.split drops trailing empty pieces, a text of separators only has none.
std::optional<std::string_view> first_address(std::string_view text) {
    constexpr std::string_view kSeparators = ",| ";
    if (!text.empty() && text.find_first_not_of(kSeparators) == std::string_view::npos) {
        return std::nullopt;
    }
    return text.substr(0, text.find_first_of(kSeparators));
}

Converted convert_event_type(std::string_view code) {
    for (const auto& [known, name] : kEventTypes) {
        if (known == code) return name;
    }
    return unexpected(std::string("not recognized as an event type"));
}

Converted convert_platform(std::string_view code) {
    for (const std::string_view known : kPlatforms) {
        if (known == code) return known;
    }
    return unexpected(std::string("not recognized as a tracking platform"));
}

Converted convert_int(std::string_view text, json::Arena& arena) {
    if (is_canonical_int(text)) return text;
    if (is_null_word(text)) return std::nullopt;
    const auto number = parse_java_int(text);
    if (!number) return unexpected(std::string("cannot be converted to java.lang.Integer"));
    return to_text(*number, arena);
}

Converted convert_flag(std::string_view text) {
    if (text == "0" || text == "1") return text;
    return unexpected(std::string("cannot be converted to Boolean-like java.lang.Byte"));
}

Converted convert_uuid(std::string_view text, json::Arena& arena) {
    if (text::is_canonical_uuid(text)) return text;
    const auto uuid = text::parse_uuid(text);
    if (!uuid) return unexpected(std::string("not a valid UUID"));
    return arena.copy(*uuid);
}

Converted convert_timestamp(std::string_view milliseconds, json::Arena& arena) {
    const auto number = parse_java_long(milliseconds);
    if (!number) return unexpected(std::string("not in the expected format: ms since epoch"));
    const auto text = timestamp_text(*number, arena);
    if (!text) return unexpected(text.error());
    return *text;
}

Result<Dimensions> convert_dimensions(std::string_view text, json::Arena& arena) {
    const std::size_t cross = text.find('x');
    const auto digits = [](std::string_view part) { return text::is_number(part); };
    if (cross == std::string_view::npos || !digits(text.substr(0, cross)) ||
        !digits(text.substr(cross + 1))) {
        return unexpected(std::string("does not conform to regex (\\d+)x(\\d+)"));
    }
    const auto width = convert_int(text.substr(0, cross), arena);
    const auto height = convert_int(text.substr(cross + 1), arena);
    if (!width || !height)
        return unexpected(std::string("could not be converted to java.lang.Integer s"));
    return Dimensions{**width, **height};
}

Result<std::string_view> timestamp_text(std::int64_t milliseconds, json::Arena& arena) {
    const text::TstampText text = text::format_tstamp(milliseconds);
    if (milliseconds < kYear0 || milliseconds >= kYear10000) {
        return unexpected("formatting as " + std::string(text) + " is not Redshift-compatible");
    }
    return arena.copy(text);
}

std::optional<std::int32_t> parse_java_int(std::string_view text) {
    using Limits = std::numeric_limits<std::int32_t>;
    const auto number = parse_java_number(text, Limits::min(), Limits::max());
    return number ? std::optional(static_cast<std::int32_t>(*number)) : std::nullopt;
}

std::optional<std::int64_t> parse_java_long(std::string_view text) {
    using Limits = std::numeric_limits<std::int64_t>;
    return parse_java_number(text, Limits::min(), Limits::max());
}

std::string_view to_text(std::int64_t number, json::Arena& arena) {
    constexpr std::size_t kDigitsMax = 20;
    char* out = arena.allocate_array<char>(kDigitsMax);
    const auto end = std::to_chars(out, out + kDigitsMax, number).ptr;
    return {out, static_cast<std::size_t>(end - out)};
}

// Plain from 1e-3 to below 1e7, else d.dddE[-]n; always with a digit behind the point.
std::string_view float_text(float number, json::Arena& arena) {
    if (number != number) return "NaN";
    if (number == 0) return std::signbit(number) ? "-0.0" : "0.0";
    if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
    char scientific[32];
    const auto end = std::to_chars(scientific, scientific + sizeof scientific, std::fabs(number),
                                   std::chars_format::scientific)
                         .ptr;
    const std::string_view text(scientific, static_cast<std::size_t>(end - scientific));
    const std::size_t e = text.find('e');
    std::string digits(text.substr(0, e));
    std::erase(digits, '.');
    int exponent = 0;
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);

    std::string out = number < 0 ? "-" : "";
    if (exponent >= -3 && exponent < 7) {
        if (exponent < 0) {
            out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
        } else {
            const auto whole = static_cast<std::size_t>(exponent) + 1;
            if (digits.size() < whole + 1) digits.append(whole + 1 - digits.size(), '0');
            out += digits.substr(0, whole) + "." + digits.substr(whole);
        }
    } else {
        out += digits.substr(0, 1) + "." + (digits.size() > 1 ? digits.substr(1) : "0") + "E" +
               std::to_string(exponent);
    }
    return arena.copy(out);
}

}  // namespace snowline::enricher
