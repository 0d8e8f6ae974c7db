#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema check`
int schema_check(std::span<const std::string> arguments);

}  // namespace snowline::cli
