#pragma once

#include "enricher/event/enriched_event.h"
#include "enricher/load/failure.h"

#include <vector>

namespace snowline::enricher {

/// A failure for each column that is longer than its table allows, behind one that says so in
/// general; none where all fit. Lengths are UTF-16 units.
std::vector<EnrichmentFailure> check_lengths(const EnrichedEvent& event);

/// Empties the columns that are too long: for failed events.
void clear_too_long(EnrichedEvent& event);

}  // namespace snowline::enricher
