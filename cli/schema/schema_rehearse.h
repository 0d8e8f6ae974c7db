#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema rehearse`: counts what a new version would refuse of recent events. See
/// Command::run.
int schema_rehearse(std::span<const std::string> arguments);

}  // namespace snowline::cli
