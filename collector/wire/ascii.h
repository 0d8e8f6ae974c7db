#pragma once

#include "common/text/ascii.h"
#include "common/text/percent.h"

#include <algorithm>
#include <array>
#include <string_view>

/// Character classes of HTTP.
namespace snowline::collector::wire {

using text::append_percent;
using text::decode_percent;
using text::equal_ignoring_case;
using text::hex_value;
using text::is_alpha;
using text::is_digit;
using text::lower;
using text::to_lower;
using text::trim;

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
/// At least one token character, and no other.
constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

/// RFC 3986 `unreserved` and `sub-delims`.
constexpr bool is_unreserved(char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
constexpr bool is_sub_delimiter(char c) {
    return std::string_view("!$&'()*+,;=").find(c) != std::string_view::npos;
}

}  // namespace snowline::collector::wire
