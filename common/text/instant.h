#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace snowline::text {

/// RFC 3339: `2026-11-23T05:19:58.187Z`, `2026-11-23 06:19:58+01:00`; or a date alone, which is its
/// midnight in UTC. Milliseconds since 1970; further digits of the fraction are ignored. nullopt
/// where it is neither.
std::optional<std::int64_t> parse_instant(std::string_view text);

}  // namespace snowline::text
