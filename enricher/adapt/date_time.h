#pragma once

#include "common/json/arena.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The ways in which vendors write points in time, and the one of the events' schemas.
namespace snowline::enricher {

/// `2014-11-04T09:42:31.000Z`, what JSON Schema's date-time asks for; years as they are.
std::string_view date_time(std::int64_t milliseconds, json::Arena& arena);
/// The same of seconds; nullopt where they are more than fit.
std::optional<std::string_view> date_time_of_seconds(std::int64_t seconds, json::Arena& arena);

/// `2014-11-04 09:42:31` in UTC; numbers may be shorter. nullopt where it is none.
std::optional<std::int64_t> parse_plain_time(std::string_view text);

/// Such a text as a date_time; any other as it is.
std::string_view plain_to_date_time(std::string_view text, json::Arena& arena);

/// ISO 8601: a date, then perhaps `T` and a time of day, then perhaps an offset (else UTC). Of a
/// date or a time the smaller parts may be missing. Milliseconds since the epoch; the error is in
/// the words of the reference's library.
Result<std::int64_t> parse_iso_time(std::string_view text);

}  // namespace snowline::enricher
