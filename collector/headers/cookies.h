#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::headers {

struct Cookie {
    std::string name, value;
};

/// Is it made of what RFC 6265 §4.1.1 allows in a cookie's value?
bool is_cookie_value(std::string_view text);

/// The cookies of one Cookie header, in order; a pair of an illegal name or value (space, comma,
/// quote, backslash, beyond ASCII) is left out. Quotes around a value are taken off.
std::vector<Cookie> parse_cookies(std::string_view value);

/// `a=b; c=d`; nullopt where no pair could be read.
std::optional<std::string> render_cookies(std::string_view value);

}  // namespace snowline::collector::headers
