#pragma once

#include "common/ops/logging.h"

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::ops {

/// What the key `snowline.log.level` may say; debug shows what trace shows.
enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

/// Key `snowline.log`.
struct LogSettings {
    LogFormat format = LogFormat::kText;
    LogLevel level = LogLevel::kInfo;
};

/// Reads the section `log`.
void read_log(const config::Reader& section, LogSettings& settings);

/// Log lines from now on as the settings say.
void apply(const LogSettings& settings);

}  // namespace snowline::ops
