#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// ASCII as HTTP sees it: no locale, bytes above 0x7F belong to no class.
namespace snowline::collector::wire {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_visible(char c) {
    return c > 0x20 && c < 0x7F;
}

/// RFC 9110 `tchar`: what header names, methods and cookie names are made of.
inline constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const char as_char = static_cast<char>(c);
        table[static_cast<std::size_t>(c)] =
            is_alpha(as_char) || is_digit(as_char) ||
            std::string_view("!#$%&'*+-.^_`|~").find(as_char) != std::string_view::npos;
    }
    return table;
}();
constexpr bool is_token_char(char c) {
    return kTokenChars[static_cast<unsigned char>(c)];
}

/// RFC 3986 `unreserved` and `sub-delims`.
constexpr bool is_unreserved(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
constexpr bool is_sub_delimiter(char c) {
    return std::string_view("!$&'()*+,;=").find(c) != std::string_view::npos;
}

inline constexpr auto kHexValues = [] {
    std::array<signed char, 256> table{};
    for (auto& value : table) value = -1;
    for (std::size_t i = 0; i < 16; ++i) {
        table[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<signed char>(i);
        table[static_cast<unsigned char>("0123456789ABCDEF"[i])] = static_cast<signed char>(i);
    }
    return table;
}();
/// -1: no hex digit.
constexpr int hex_value(char c) {
    return kHexValues[static_cast<unsigned char>(c)];
}

std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool is_token(std::string_view text);          // not empty
std::string_view trim(std::string_view text);  // spaces and tabs

/// `%XX` decoded to bytes; other characters stay. nullopt where a `%` is not followed by two hex
/// digits.
std::optional<std::string> decode_percent(std::string_view text);

/// `%XX` of a byte, upper case.
void append_percent(unsigned char byte, std::string& out);

}  // namespace snowline::collector::wire
