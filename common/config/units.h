#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace snowline::config {

/// Nanoseconds of `10 seconds`, `1.5h`, `500` (milliseconds without a unit). Units: ns us ms s m h
/// d, and their names (nano, nanos, nanosecond, nanoseconds …). nullopt: no duration, or beyond 64
/// bits.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// Bytes of `10 kB`, `1MiB`, `2m`, `500`. Decimal: kB MB GB TB PB and kilobyte(s) …; binary: K k Ki
/// KiB kibibyte(s), M m Mi MiB … P. nullopt: no size, or beyond 64 bits.
std::optional<std::int64_t> parse_size(std::string_view text);

/// A period in calendar units, whose length in seconds varies.
struct Period {
    int years = 0;
    int months = 0;
    int days = 0;

    bool operator==(const Period&) const = default;
};

/// `7 days`, `2w`, `1 month`, `1y`, `5` (days without a unit); whole numbers only.
std::optional<Period> parse_period(std::string_view text);

/// `true yes on`, `false no off`.
std::optional<bool> parse_boolean(std::string_view text);

/// A whole number; `5.0` and `1e3` are some too.
std::optional<std::int64_t> parse_integer(std::string_view text);

std::optional<double> parse_number(std::string_view text);

}  // namespace snowline::config
