#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

/// A URI or a relative reference, normalised as events store it: scheme and host in lower case, no
/// default port, no dot segments, the path encoded anew, the query but for illegal characters as it
/// was. nullopt where it is none that the reference reads: with user information, a fragment, a
/// space, a character beyond ASCII, or a `%` without two hex digits.
std::optional<std::string> render_uri_reference(std::string_view text);

}  // namespace snowline::collector::headers
