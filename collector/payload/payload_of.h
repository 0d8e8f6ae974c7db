#pragma once

#include "collector/privacy/rules.h"
#include "collector/request/request.h"
#include "common/model/collector_payload.h"

#include <cstdint>
#include <optional>
#include <string>

namespace snowline::collector {

/// What only the service knows of a request.
struct EventFacts {
    std::string path;
    std::string client_ip;
    std::string network_user_id;
    std::int64_t timestamp_ms = 0;
    std::string collector;  // its name and its sink's: collector_name
};

/// The event as it is written to the log. nullopt where the body's charset is one that nobody
/// knows. `rules` say which headers it may have.
std::optional<model::CollectorPayload> payload_of(const Request& request, const EventFacts& facts,
                                                  const privacy::HeaderRules& rules);

}  // namespace snowline::collector
