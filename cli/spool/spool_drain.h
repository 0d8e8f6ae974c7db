#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline spool drain`: sends the spool of a collector that no longer runs to Kafka.
int spool_drain(std::span<const std::string> arguments);

}  // namespace snowline::cli
