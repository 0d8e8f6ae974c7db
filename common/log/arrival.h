#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// The time of a record that its log would not take with the time of its arrival.
namespace snowline::log {

/// Milliseconds since 1970, decimal: when the collector got the record. Only where the record's own
/// time is another one.
inline constexpr std::string_view kArrivalHeader = "snowline-arrival";

/// The header's value; nullopt without one that is a number.
std::optional<std::int64_t> arrival_ms(const Record& record);

/// The record as it is sent again once the log has refused its time: the arrival is in the header,
/// its time is `now_ms`, or none where that would be refused as well, because it is the refused one
/// or was tried before. nullopt: the log has refused it without a time, too.
std::optional<Record> with_another_time(Record record, std::int64_t now_ms);

}  // namespace snowline::log
