#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::headers {

/// The addresses of an X-Forwarded-For header as events store them, each an address or `unknown`.
/// nullopt where one element is neither (a port, brackets, a host name, nothing).
std::optional<std::vector<std::string>> parse_forwarded_for(std::string_view value);

std::optional<std::string> render_forwarded_for(std::string_view value);

/// X-Real-Ip: one address.
std::optional<std::string> render_real_ip(std::string_view value);

}  // namespace snowline::collector::headers
