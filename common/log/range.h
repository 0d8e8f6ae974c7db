#pragma once

#include "common/log/log.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// Parts of Range that the readers of both logs share.
namespace snowline::log {

/// Whether one of its bounds is an offset.
bool names_offset(const Range& range);

/// Fails where a range with an offset bound covers more or less than one partition.
Result<void, Failure> one_partition(const Range& range, std::size_t partitions);

Failure no_partition(const std::string& topic, std::int32_t partition);

/// The offset of a bound in a partition that has the offsets `oldest` to `end`. Not for
/// Range::Time.
std::int64_t offset_of(const Range::From& from, std::int64_t oldest, std::int64_t end);
std::int64_t offset_of(const Range::Until& until, std::int64_t oldest, std::int64_t end);

}  // namespace snowline::log
