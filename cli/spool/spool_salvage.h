#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline spool salvage`: copies what can be read of a broken spool into another one, or to
/// Kafka.
int spool_salvage(std::span<const std::string> arguments);

}  // namespace snowline::cli
