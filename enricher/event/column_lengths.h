#pragma once

#include "enricher/event/enriched_event.h"
#include "enricher/failure.h"

#include <vector>

namespace snowline::enricher {

/// A failure for each column that is longer than its table allows, behind one that says so in
/// general; none where all fit. Lengths are UTF-16 units.
std::vector<EnrichmentFailure> check_lengths(const EnrichedEvent& event);

}  // namespace snowline::enricher
