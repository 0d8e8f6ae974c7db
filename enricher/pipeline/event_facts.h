#pragma once

#include "common/json/arena.h"
#include "enricher/event/enriched_event.h"
#include "enricher/load/failure.h"
#include "enricher/pipeline/record_facts.h"
#include "enricher/pipeline/stages.h"

#include <span>
#include <string_view>

/// What there is to count about events. Texts are in the arena, or static.
namespace snowline::enricher {

EventFacts facts_of_good(const EnrichedEvent& event, json::Arena& arena);
EventFacts facts_of_failed(const EnrichedEvent& event, const StageFailures& failures,
                           json::Arena& arena);

/// Of what is no event, or could not be written. `type` is the bad row's.
EventFacts facts_of_bad(std::string_view type, std::string_view schema = {});

/// The same event, whose row is beyond its limit.
EventFacts facts_of_too_large(const EventFacts& facts);

}  // namespace snowline::enricher
