#pragma once

#include "common/json/arena.h"
#include "enricher/event/enriched_event.h"

#include <string_view>

namespace snowline::enricher {

/// The event that tells which values of another one were replaced. `transformation` is the text of
/// its column unstruct_event, `event_id` its own. Refers to what its parent refers to.
EnrichedEvent pii_event(const EnrichedEvent& parent, std::string_view transformation,
                        std::string_view event_id, json::Arena& arena);

}  // namespace snowline::enricher
