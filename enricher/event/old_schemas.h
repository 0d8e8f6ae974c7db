#pragma once

#include "common/json/arena.h"
#include "enricher/event/schema_table.h"
#include "enricher/event/settings.h"
#include "enricher/load/failure.h"
#include "iglu/resolve/watched_life_cycles.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Which schemas are deprecated or sunset, by their life cycles. Shared by all workers.
struct OldSchemaRules {
    std::unique_ptr<const iglu::WatchedLifeCycles> lives;
    AfterSunset after_sunset = AfterSunset::kMark;
};

/// The context added by kMark.
inline constexpr std::string_view kSchemaSunset = "iglu:io.snowline/schema_sunset/jsonschema/1-0-0";

/// Checks the schemas of an event's valid data, one call for each entity.
class OldSchemas {
public:
    /// `rules` may be nullptr: no schema is old.
    OldSchemas(const OldSchemaRules* rules, std::int64_t now_ms) : rules_(rules), now_ms_(now_ms) {}

    /// Why the data is refused; nullopt where it is accepted.
    std::optional<SchemaFailure> judge(const Entity& entity, SchemaTable& schemas,
                                       json::Arena& arena);

    /// URIs of deprecated and sunset schemas that were used, each once.
    const std::vector<std::string_view>& used() const { return used_; }
    /// The contexts for the event, one for each schema.
    std::vector<Entity> take_marks() { return std::move(marks_); }

private:
    const OldSchemaRules* rules_;
    std::int64_t now_ms_;
    std::string today_;  // this and the next are set at first use
    std::shared_ptr<const iglu::LifeCycles> lives_;
    std::vector<std::string_view> used_;
    std::vector<Entity> marks_;
};

}  // namespace snowline::enricher
