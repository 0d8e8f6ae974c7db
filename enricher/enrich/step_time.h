#pragma once

#include "enricher/enrich/enrichment_kind.h"

#include <chrono>

namespace snowline::enricher {

/// One enrichment's work on one event.
struct StepTime {
    EnrichmentKind kind;
    std::chrono::nanoseconds time;
    bool failed;
};

}  // namespace snowline::enricher
