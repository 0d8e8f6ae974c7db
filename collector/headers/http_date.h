#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

/// A date in one of HTTP's three forms (RFC 9110 §5.6.7), in the first of them.
std::optional<std::string> render_date(std::string_view value);

}  // namespace snowline::collector::headers
