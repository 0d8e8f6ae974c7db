#pragma once

#include "common/log/log.h"

#include <memory>
#include <string>
#include <vector>

namespace snowline::cli {

/// Where a command finds the log: a directory of the embedded one, or brokers.
struct LogPlace {
    LogPlace();

    std::string data;                   // directory; the default one of all commands
    std::string brokers;                // Kafka instead of `data`
    std::vector<std::string> settings;  // of the Kafka client: name=value
};

/// Committed rows of a range. What the Kafka client reports goes to standard error, after
/// `command`.
Result<std::unique_ptr<log::Reader>, log::Failure> open_reader(const LogPlace& place,
                                                               const log::Range& range,
                                                               const std::string& command);

}  // namespace snowline::cli
