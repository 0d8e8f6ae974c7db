#include "common/ops/logging.h"

#include "common/clock.h"
#include "common/json/print.h"
#include "common/text/time.h"

#include <atomic>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace snowline::ops {
namespace {

std::atomic<LogFormat> log_format{LogFormat::kText};
std::atomic<Level> level_of_log{Level::kInfo};

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "snowline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::trace);
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

std::string now_text() {
    return text::format_instant(now_ms());
}

// Quotes a value that would not read as one word.
void append_text_value(std::string_view value, std::string& line) {
    if (!value.empty() && value.find_first_of(" \"\\\n\r\t=") == std::string_view::npos) {
        line += value;
    } else {
        json::print_string(value, line);
    }
}

std::string json_line(Level level, std::string_view fact, std::initializer_list<LogField> fields) {
    std::string line = "{\"time\":\"" + now_text() + "\",\"level\":\"";
    line += name_of(level);
    line += "\",\"fact\":";
    json::print_string(fact, line);
    for (const LogField& field : fields) {
        line += ',';
        json::print_string(field.name, line);
        line += ':';
        json::print_string(field.value, line);
    }
    return line + '}';
}

std::string text_line(Level level, std::string_view fact, std::initializer_list<LogField> fields) {
    std::string line = now_text() + ' ';
    line += name_of(level);
    line += ": ";
    line += fact;
    for (const LogField& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        append_text_value(field.value, line);
    }
    return line;
}

}  // namespace

std::string_view name_of(Level level) {
    switch (level) {
        case Level::kDebug:
            return "debug";
        case Level::kInfo:
            return "info";
        case Level::kWarn:
            return "warn";
        case Level::kError:
            return "error";
        case Level::kOff:
            return "off";
    }
    return "";
}

std::optional<Level> parse_level(std::string_view name) {
    for (const Level level :
         {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError, Level::kOff}) {
        if (name == name_of(level)) return level;
    }
    return std::nullopt;
}

void set_log_format(LogFormat format) {
    log_format = format;
}
void set_log_level(Level level) {
    level_of_log = level;
}
Level log_level() {
    return level_of_log;
}

void log(Level level, std::string_view fact, std::initializer_list<LogField> fields) {
    if (level < level_of_log.load(std::memory_order_relaxed)) return;
    const std::string line = log_format == LogFormat::kJson ? json_line(level, fact, fields)
                                                            : text_line(level, fact, fields);
    logger().log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace snowline::ops
