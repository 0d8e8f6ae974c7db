#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema lint`
int schema_lint(std::span<const std::string> arguments);

}  // namespace snowline::cli
