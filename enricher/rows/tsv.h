#pragma once

#include "enricher/event/enriched_event.h"

#include <string>

namespace snowline::enricher {

/// The 131 columns, separated by tabs, in the order of the table; null is empty. No line break.
std::string tsv_row(const EnrichedEvent& event);

}  // namespace snowline::enricher
