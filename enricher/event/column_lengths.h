#pragma once

#include "enricher/event/enriched_event.h"
#include "enricher/load/failure.h"

#include <vector>

namespace snowline::enricher {

/// One failure for each column that exceeds its limit, after a general one; empty where all fit.
/// Lengths are in UTF-16 units.
std::vector<EnrichmentFailure> check_lengths(const EnrichedEvent& event);

/// Clears the columns that are too long; for failed events.
void clear_too_long(EnrichedEvent& event);

}  // namespace snowline::enricher
