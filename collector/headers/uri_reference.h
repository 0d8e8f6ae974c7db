#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

/// A URI or a relative reference, normalised as events store it: scheme and host in lower case, no
/// default port, no dot segments, the path encoded anew, the query unchanged but for illegal
/// characters. nullopt where the reference does not accept it: with user information, a fragment, a
/// space, a non-ASCII character, or a `%` without two hex digits.
std::optional<std::string> render_uri_reference(std::string_view text);

}  // namespace snowline::collector::headers
