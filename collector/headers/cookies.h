#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::headers {

struct Cookie {
    std::string name, value;
};

/// RFC 6265 §4.1.1: what a cookie's value may be made of.
bool is_cookie_octet(char c);

/// The cookies of one Cookie header, in order; a pair of an illegal name or value (space, comma,
/// quote, backslash, beyond ASCII) is left out. Quotes around a value are taken off.
std::vector<Cookie> parse_cookies(std::string_view value);

/// `a=b; c=d`; nullopt where no pair could be read.
std::optional<std::string> render_cookies(std::string_view value);

}  // namespace snowline::collector::headers
