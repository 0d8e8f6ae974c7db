#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema new`: a first schema from examples. See Command::run.
int schema_new(std::span<const std::string> arguments);

}  // namespace snowline::cli
