#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// One line on standard error for each fact, as text or JSON. Never a payload, an address, a cookie
/// or any other identifier of a person: name what happened, where, and what to do.
namespace snowline::ops {

enum class Level { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat { kText, kJson };

std::optional<Level> parse_level(std::string_view name);  // debug info warn error off
std::string_view name_of(Level level);

struct LogField {
    std::string_view name;
    std::string value;
};

/// May be called at any time, from any thread.
void set_log_format(LogFormat format);
void set_log_level(Level level);
Level log_level();

/// `fact` is a short constant sentence without variable parts; those are fields.
void log(Level level, std::string_view fact, std::initializer_list<LogField> fields = {});

}  // namespace snowline::ops
