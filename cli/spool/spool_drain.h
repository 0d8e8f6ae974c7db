#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline spool drain`: sends to Kafka what a collector that is gone has left in its spool.
int spool_drain(std::span<const std::string> arguments);

}  // namespace snowline::cli
