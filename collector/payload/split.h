#pragma once

#include "common/model/collector_payload.h"

#include <cstdint>
#include <string>
#include <vector>

namespace snowline::collector {

/// What one event becomes: records for the good and for the bad topic, in the events' order.
struct Records {
    std::vector<std::string> good;  // Thrift
    std::vector<std::string> bad;   // JSON
};

struct SplitLimits {
    std::int64_t record_bytes_max = 1'000'000;  // `maxBytes` of the good stream
    std::int64_t now_ms = 0;                    // for bad rows
};

/// One record where the payload fits. Else a POST of several events becomes several payloads, each
/// as full as the limit allows; every event that is too large on its own, and a payload that cannot
/// be split, becomes a size_violation.
Records split(const model::CollectorPayload& payload, const SplitLimits& limits);

/// A payload as a bad row shows it (Thrift's toString in the reference), cut to the size that such
/// a row allows.
std::string shown_payload(const model::CollectorPayload& payload, std::int64_t record_bytes_max);

/// A body beyond `networking.maxPayloadSize`: only a size_violation.
Records refuse_body(const model::CollectorPayload& payload, std::int64_t body_bytes_max,
                    const SplitLimits& limits);

}  // namespace snowline::collector
