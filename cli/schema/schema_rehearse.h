#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema rehearse`: what a new version would refuse of the events that came lately. See
/// Command::run.
int schema_rehearse(std::span<const std::string> arguments);

}  // namespace snowline::cli
