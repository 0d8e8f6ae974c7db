#include "common/ops/log_settings.h"

#include "common/ops/logging.h"

namespace snowline::ops {
namespace {

Level level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::kTrace:
        case config::LogLevel::kDebug:
            return Level::kDebug;
        case config::LogLevel::kInfo:
            return Level::kInfo;
        case config::LogLevel::kWarn:
            return Level::kWarn;
        case config::LogLevel::kError:
            return Level::kError;
        case config::LogLevel::kOff:
            return Level::kOff;
    }
    return Level::kInfo;
}

}  // namespace

void apply(const config::SharedSettings::Log& settings) {
    const bool json = settings.format == config::LogFormat::kJson;
    set_log_format(json ? LogFormat::kJson : LogFormat::kText);
    set_log_level(level_of(settings.level));
}

}  // namespace snowline::ops
