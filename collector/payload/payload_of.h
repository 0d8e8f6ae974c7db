#pragma once

#include "collector/privacy/rules.h"
#include "collector/request/request.h"
#include "common/model/collector_payload.h"

#include <cstdint>
#include <optional>
#include <string>

namespace snowline::collector {

/// What the service adds to the request.
struct EventFacts {
    std::string path;
    std::string client_ip;
    std::string network_user_id;
    std::int64_t timestamp_ms = 0;
    std::string collector;  // its name and its sink's: collector_name
};

/// The event's payload as it is written to the log. nullopt where the body's charset is unknown.
/// `settings` give the sink, which is part of the collector's name.
std::optional<model::CollectorPayload> payload_of(const Request& request, const EventFacts& facts,
                                                  const privacy::HeaderRules& rules);

}  // namespace snowline::collector
