#include "common/ops/log_settings.h"

#include "common/config/reader.h"

namespace snowline::ops {
namespace {

Level level_of(LogLevel level) {
    switch (level) {
        case LogLevel::kTrace:
        case LogLevel::kDebug:
            return Level::kDebug;
        case LogLevel::kInfo:
            return Level::kInfo;
        case LogLevel::kWarn:
            return Level::kWarn;
        case LogLevel::kError:
            return Level::kError;
        case LogLevel::kOff:
            return Level::kOff;
    }
    return Level::kInfo;
}

}  // namespace

void read_log(const config::Reader& section, LogSettings& settings) {
    section.read("format", settings.format,
                 {{"text", LogFormat::kText}, {"json", LogFormat::kJson}});
    section.read("level", settings.level,
                 {{"trace", LogLevel::kTrace},
                  {"debug", LogLevel::kDebug},
                  {"info", LogLevel::kInfo},
                  {"warn", LogLevel::kWarn},
                  {"error", LogLevel::kError},
                  {"off", LogLevel::kOff}});
}

void apply(const LogSettings& settings) {
    set_log_format(settings.format);
    set_log_level(level_of(settings.level));
}

}  // namespace snowline::ops
