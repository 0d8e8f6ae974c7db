#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline tail raw|good|bad|failed`: prints the records of a topic, and new ones as they come.
int tail(std::span<const std::string> arguments);

}  // namespace snowline::cli
