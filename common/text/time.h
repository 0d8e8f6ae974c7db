#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::text {

/// A date and time of day in UTC, proleptic Gregorian calendar (years may be negative or large).
struct CivilTime {
    std::int64_t year;
    int month;  // 1–12
    int day;    // 1–31
    int hour, minute, second, millisecond;
};

CivilTime to_civil(std::int64_t milliseconds_since_epoch);
/// Milliseconds since 1970-01-01T00:00:00Z; nullopt where the fields are no date.
std::optional<std::int64_t> from_civil(const CivilTime& time);

/// The text of a timestamp, held by value: no allocation.
class TstampText {
public:
    operator std::string_view() const { return {text_.data(), size_}; }

private:
    friend TstampText format_tstamp(std::int64_t milliseconds_since_epoch);
    std::array<char, 32> text_{};
    std::size_t size_ = 0;
};

/// `2026-11-23 05:19:58.187`, the form of the enriched event's timestamps. Years beyond 0..9999 are
/// written as they are; the caller must check the range.
TstampText format_tstamp(std::int64_t milliseconds_since_epoch);

/// java.time.Instant.toString: `2026-11-23T05:19:58.187Z`; no fraction where it is zero.
std::string format_instant(std::int64_t milliseconds_since_epoch);

/// `Tue, 23 Nov 2027 05:19:58 GMT` (RFC 9110 IMF-fixdate), from whole seconds.
std::string format_http_date(std::int64_t seconds_since_epoch);

}  // namespace snowline::text
