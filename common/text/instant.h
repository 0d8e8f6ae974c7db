#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace snowline::text {

/// An RFC 3339 instant, `2026-11-23T05:19:58.187Z` or with an offset (`+01:00`), as milliseconds
/// since the epoch; finer fractions are cut. Nothing where the text is none, or names no date. A
/// leap second (`:60`) is none.
std::optional<std::int64_t> parse_instant(std::string_view text);

}  // namespace snowline::text
