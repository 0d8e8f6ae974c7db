#pragma once

#include "collector/access/client_ip.h"
#include "collector/access/settings.h"
#include "collector/privacy/settings.h"
#include "collector/request/settings.h"

#include <cstdint>
#include <optional>
#include <string>

namespace snowline::collector {

/// What the service composes: the slices of its rooms, and what it has to know of where records go.
struct ServiceSettings : RequestSettings {
    AccessSettings access;
    PrivacySettings privacy;
    std::string sink = "kafka";                  // whose name events carry
    std::int64_t record_bytes_max = 1'000'000;   // a larger one is split
    std::optional<std::int64_t> body_bytes_max;  // a larger one is a size_violation; none: no limit
    KeyedBy keyed_by = KeyedBy::kRandomId;
};

}  // namespace snowline::collector
