#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema push`: publishes a folder's schemas to a registry, in an order that it accepts.
/// See Command::run.
int schema_push(std::span<const std::string> arguments);

}  // namespace snowline::cli
