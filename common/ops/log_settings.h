#pragma once

#include "common/ops/logging.h"

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::ops {

/// The values of `snowline.log.level`; trace is the same as debug.
enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

/// Key `snowline.log`.
struct LogSettings {
    LogFormat format = LogFormat::kText;
    LogLevel level = LogLevel::kInfo;
};

/// Reads the section `log`.
void read_log(const config::Reader& section, LogSettings& settings);

/// Sets the format and level of log lines from now on.
void apply(const LogSettings& settings);

}  // namespace snowline::ops
