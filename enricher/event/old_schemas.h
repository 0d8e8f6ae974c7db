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

/// Which schemas are old, by their life cycles. The same for all workers.
struct OldSchemaRules {
    std::unique_ptr<const iglu::WatchedLifeCycles> lives;
    AfterSunset after_sunset = AfterSunset::kMark;
};

/// The context of kMark.
inline constexpr std::string_view kSchemaSunset = "iglu:io.snowline/schema_sunset/jsonschema/1-0-0";

/// Looks at an event's conforming data, one after the other.
class OldSchemas {
public:
    /// Without rules nothing is old.
    OldSchemas(const OldSchemaRules* rules, std::int64_t now_ms) : rules_(rules), now_ms_(now_ms) {}

    /// Why the data is refused; nullopt where it is not.
    std::optional<SchemaFailure> judge(const Entity& entity, SchemaTable& schemas,
                                       json::Arena& arena);

    /// URIs of deprecated and sunset schemas that were used, each once.
    const std::vector<std::string_view>& used() const { return used_; }
    /// Contexts for the event, one a schema.
    std::vector<Entity> take_marks() { return std::move(marks_); }

private:
    const OldSchemaRules* rules_;
    std::int64_t now_ms_;
    std::string today_;  // both made when they are asked for
    std::shared_ptr<const iglu::LifeCycles> lives_;
    std::vector<std::string_view> used_;
    std::vector<Entity> marks_;
};

}  // namespace snowline::enricher
