#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema diff`
int schema_diff(std::span<const std::string> arguments);

}  // namespace snowline::cli
