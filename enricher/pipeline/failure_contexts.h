#pragma once

#include "common/json/arena.h"
#include "common/model/collector_bad_rows.h"
#include "enricher/event/enriched_event.h"
#include "enricher/event/schema_table.h"
#include "enricher/load/failure.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Failed events: what is left of an event that did not pass, as an enriched row. Whatever failed
/// is taken out of its column and told in a context of the schema `failure`, one for each part.
namespace snowline::enricher {

/// Whether the values that were refused are told as well.
enum class Values : std::uint8_t { kShown, kHidden };

struct FailureContexts {
    const model::Artifact& component;
    std::int64_t now_ms;
    SchemaTable& schemas;
    json::Arena& arena;
    Values values = Values::kShown;

    /// The first `of_contexts` of them are of the contexts, the others of the event itself.
    std::vector<Entity> of(std::span<const SchemaViolation> violations,
                           std::size_t of_contexts) const;
    std::vector<Entity> of(std::span<const EnrichmentFailure> failures) const;
};

}  // namespace snowline::enricher
