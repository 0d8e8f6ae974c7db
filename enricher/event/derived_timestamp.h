#pragma once

#include <cstdint>

namespace snowline::enricher {

/// The time of the event by the collector's clock: `collector` minus the time that passed on the
/// device from `created` to `sent`. That time is a calendar period (years, months, weeks, days,
/// hours …, as Joda-Time computes it), which is subtracted field by field, largest first; so across
/// months the result differs from plain arithmetic. All in ms since the epoch, UTC.
std::int64_t derived_timestamp(std::int64_t collector, std::int64_t created, std::int64_t sent);

}  // namespace snowline::enricher
