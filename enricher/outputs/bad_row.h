#pragma once

#include "common/model/collector_bad_rows.h"
#include "enricher/event/enriched_event.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The enricher's bad rows as compact JSON, one function a type. (size_violation and generic_error,
/// which the collector has as well, are in common/row.)
namespace snowline::enricher {

struct BadRowSource {
    const model::Artifact& processor;
    std::int64_t now_ms;
};

/// collector_payload_format_violation/1-0-0
std::string payload_format_violation(const BadRowSource& source, const LoadFailure& failure,
                                     std::string_view record);

/// tracker_protocol_violations/1-0-1 for our own protocol, else adapter_failures/1-0-0
std::string adapter_failures(const BadRowSource& source, std::span<const AdapterFailure> failures,
                             const Payload& payload);

/// The name of that type: its schema's.
std::string_view adapter_failures_type(const Payload& payload);

/// An event that did not pass, with all that is known of it.
struct FailedEvent {
    const EnrichedEvent& event;
    const RawEvent& raw;
    const Payload& payload;
};

/// schema_violations/2-0-1
std::string schema_violations(const BadRowSource& source, std::span<const SchemaViolation> failures,
                              const FailedEvent& event);

/// enrichment_failures/2-0-1
std::string enrichment_failures(const BadRowSource& source,
                                std::span<const EnrichmentFailure> failures,
                                const FailedEvent& event);

}  // namespace snowline::enricher
