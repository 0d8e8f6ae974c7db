#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

/// Parses a date in any of HTTP's three forms (RFC 9110 §5.6.7) and renders it in the first one.
std::optional<std::string> render_date(std::string_view value);

}  // namespace snowline::collector::headers
