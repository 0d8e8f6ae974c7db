#pragma once

#include <cstdint>

namespace snowline::enricher {

/// When the event happened by the collector's clock: `collector` less the time that passed on the
/// device from `created` to `sent`. That time is a calendar period (years, months, weeks, days,
/// hours …, as Joda-Time counts them), which is subtracted field by field, from the largest on; so
/// across months the result is not that of plain arithmetic. All in ms since the epoch, UTC.
std::int64_t derived_timestamp(std::int64_t collector, std::int64_t created, std::int64_t sent);

}  // namespace snowline::enricher
