#pragma once

#include "common/log/log.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// For records whose log refused the time of their arrival as the record's time.
namespace snowline::log {

/// When the collector received the record: milliseconds since 1970, decimal. Set only where the
/// record's own time differs from it.
inline constexpr std::string_view kArrivalHeader = "snowline-arrival";

/// The header's value; nullopt without one that is a number.
std::optional<std::int64_t> arrival_ms(const Record& record);

/// The record to send again after the log refused its time: the arrival goes into the header, and
/// its time becomes `now_ms`. It becomes kNoTimestamp where the refused time is within a minute of
/// `now_ms`, or another time was tried before. nullopt: the record was already without a time.
std::optional<Record> with_another_time(Record record, std::int64_t now_ms);

}  // namespace snowline::log
