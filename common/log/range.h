#pragma once

#include "common/log/log.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// What readers of both logs make of a Range.
namespace snowline::log {

/// One of its bounds is an offset.
bool names_offset(const Range& range);

/// Fails where a range that names an offset has another number of partitions than one.
Result<void, Failure> one_partition(const Range& range, std::size_t partitions);

Failure no_partition(const std::string& topic, std::int32_t partition);

/// Where a bound other than a time is in a partition of these offsets.
std::int64_t offset_of(const Range::From& from, std::int64_t oldest, std::int64_t end);
std::int64_t offset_of(const Range::Until& until, std::int64_t oldest, std::int64_t end);

}  // namespace snowline::log
