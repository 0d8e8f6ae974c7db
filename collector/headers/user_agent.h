#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::headers {

/// Products and comments (RFC 9110 §10.1.5) joined by single spaces: `A/1(c)` becomes `A/1 (c)`.
/// nullopt where it has another form, as many user agents do.
std::optional<std::string> render_user_agent(std::string_view value);

}  // namespace snowline::collector::headers
