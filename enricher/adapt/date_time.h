#pragma once

#include "common/json/arena.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Vendors' formats of points in time, and the format of the events' schemas.
namespace snowline::enricher {

/// `2014-11-04T09:42:31.000Z`, as JSON Schema's date-time requires; years are not limited to four
/// digits.
std::string_view date_time(std::int64_t milliseconds, json::Arena& arena);
/// The same for seconds; nullopt where the number is too large.
std::optional<std::string_view> date_time_of_seconds(std::int64_t seconds, json::Arena& arena);

/// `2014-11-04 09:42:31` in UTC; numbers may have fewer digits. nullopt for another form.
std::optional<std::int64_t> parse_plain_time(std::string_view text);

/// Such a text as a date_time; any other text unchanged.
std::string_view plain_to_date_time(std::string_view text, json::Arena& arena);

/// ISO 8601: a date, then optionally `T` and a time of day, then optionally an offset (default
/// UTC). The smaller parts of date and time may be missing. Milliseconds since the epoch; the error
/// is the message of the reference's library.
Result<std::int64_t> parse_iso_time(std::string_view text);

}  // namespace snowline::enricher
