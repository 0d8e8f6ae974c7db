#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline tail raw|good|bad|failed`: prints what a topic holds, and what comes.
int tail(std::span<const std::string> arguments);

}  // namespace snowline::cli
