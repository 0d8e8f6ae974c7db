#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema validate`
int schema_validate(std::span<const std::string> arguments);

}  // namespace snowline::cli
