#pragma once

#include "common/json/arena.h"
#include "enricher/event/enriched_event.h"
#include "enricher/event/old_schemas.h"
#include "enricher/event/schema_table.h"
#include "enricher/event/set_up.h"
#include "enricher/load/failure.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// The result of validating an event's JSONs.
struct CheckedEntities {
    std::vector<SchemaViolation> violations;  // those of contexts first
    std::size_t violations_of_contexts = 0;
    /// Contexts that report superseded schemas, and schemas past their sunset date.
    std::vector<Entity> validation_infos;
    std::vector<std::string_view> old_schemas;  // URIs of deprecated and sunset ones that were used
    bool asks = false;  // a schema is not known yet: ignore the other fields
};

/// Validates contexts and self-describing event, and puts the valid ones into the event: parsed,
/// and as the texts of their columns.
CheckedEntities check_entities(EventSetUp& set_up, SchemaTable& schemas, OldSchemas old_schemas,
                               json::Arena& arena);

/// The text of a `contexts` column, from valid entities.
std::string_view contexts_text(std::span<const Entity> contexts, json::Arena& arena);

/// The text of the `unstruct_event` column.
std::string_view unstruct_event_text(const Entity& event, json::Arena& arena);

/// Sets the two columns from the event's parsed entities.
void show_checked(EnrichedEvent& event, json::Arena& arena);

/// Sets the JSON columns to the unvalidated input; for a bad row.
void show_unchecked(EventSetUp& set_up, json::Arena& arena);

}  // namespace snowline::enricher
