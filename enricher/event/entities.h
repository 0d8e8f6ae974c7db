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

/// What the check of an event's JSONs against their schemas gave.
struct CheckedEntities {
    std::vector<SchemaViolation> violations;  // of the contexts first
    std::size_t violations_of_contexts = 0;
    /// Contexts that tell of superseded schemas, and of those past their sunset date.
    std::vector<Entity> validation_infos;
    std::vector<std::string_view> old_schemas;  // URIs of deprecated and sunset ones that were used
};

/// Checks contexts and self-describing event, and puts those that conform into the event: parsed,
/// and as the texts of their columns.
CheckedEntities check_entities(EventSetUp& set_up, SchemaTable& schemas, OldSchemas old_schemas,
                               json::Arena& arena);

/// The text of a `contexts` column, for entities that are valid.
std::string_view contexts_text(std::span<const Entity> contexts, json::Arena& arena);

/// The text of the `unstruct_event` column.
std::string_view unstruct_event_text(const Entity& event, json::Arena& arena);

/// Writes the two columns from what the event has parsed.
void show_checked(EnrichedEvent& event, json::Arena& arena);

/// Shows the JSONs in their columns as they came: for a bad row.
void show_unchecked(EventSetUp& set_up, json::Arena& arena);

}  // namespace snowline::enricher
