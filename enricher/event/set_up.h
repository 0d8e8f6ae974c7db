#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "enricher/event/enriched_event.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// What all events of a record have in common.
struct EventStart {
    std::string_view etl_tstamp;
    std::string_view v_etl;
};

/// An event made from its parameters, before validation. Has no event_id if the tracker sent none.
struct EventSetUp {
    EnrichedEvent event;                  // without its two JSON columns
    std::optional<json::Value> contexts;  // input of these two columns
    std::optional<json::Value> unstruct_event;
    std::vector<EnrichmentFailure> failures;  // in the order of bad rows
};

EventSetUp set_up_event(const RawEvent& raw, const Payload& payload, const EventStart& start,
                        json::Arena& arena);

}  // namespace snowline::enricher
