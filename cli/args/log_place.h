#pragma once

#include "common/log/log.h"

#include <memory>
#include <string>
#include <vector>

namespace snowline::cli {

/// The log that a command uses: a directory of the embedded one, or Kafka's brokers.
struct LogPlace {
    LogPlace();

    std::string data;                   // directory; the default one of all commands
    std::string brokers;                // Kafka instead of `data`
    std::vector<std::string> settings;  // of the Kafka client: name=value
};

/// Reads the committed records of a range. Messages of the Kafka client go to standard error,
/// prefixed with `command`.
Result<std::unique_ptr<log::Reader>, log::Failure> open_reader(const LogPlace& place,
                                                               const log::Range& range,
                                                               const std::string& command);

}  // namespace snowline::cli
