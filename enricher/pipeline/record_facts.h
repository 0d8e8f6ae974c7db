#pragma once

#include "common/json/arena.h"
#include "enricher/enrich/step_time.h"
#include "enricher/pipeline/counters.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace snowline::enricher {

enum class Verdict : std::uint8_t { kGood, kBad };

/// What there is to count about one event, or about a request that is no event.
struct EventFacts {
    Verdict verdict = Verdict::kGood;
    std::string_view app_id = {};
    /// `vendor/name/format/version`: of a good event its own; of a bad one the first that was not
    /// conformed to or not found, empty where something else is wrong.
    std::string_view schema = {};
    std::string_view bad_type = {};  // `schema_violations`, …
    std::uint32_t index = 0;         // in its request
};

/// A deprecated or sunset schema that an event used.
struct OldSchemaUse {
    std::string_view schema;  // its URI
    std::string_view app_id;
};

/// What a worker found out about the record that it did last, for its owner to count: the core
/// itself counts nothing.
struct RecordFacts {
    json::Arena texts{4 * 1024};  // which the others refer to, since an event's memory goes with it
    std::vector<EventFacts> events;
    std::vector<OldSchemaUse> old_schemas;
    std::vector<StepTime> steps;
    Counters counters;
    std::optional<std::int64_t> collected_ms;  // the collector's time, since the epoch

    void clear() {
        texts.reset();
        events.clear();
        old_schemas.clear();
        steps.clear();
        collected_ms.reset();
        counters = {};
    }
};

}  // namespace snowline::enricher
