#include "enricher/pipeline/event_facts.h"

#include "enricher/pipeline/failed_schema.h"

#include <algorithm>
#include <array>

namespace snowline::enricher {
namespace {

// `vendor/name/format/version`
std::string_view schema_path(const EnrichedEvent& event, json::Arena& arena) {
    const std::array parts{event[Field::kEventVendor], event[Field::kEventName],
                           event[Field::kEventFormat], event[Field::kEventVersion]};
    std::size_t size = parts.size() - 1;
    for (const std::string_view part : parts) size += part.size();
    char* const path = arena.allocate_array<char>(size);
    char* end = path;
    for (const std::string_view part : parts) {
        if (end != path) *end++ = '/';
        end = std::copy(part.begin(), part.end(), end);
    }
    return {path, static_cast<std::size_t>(end - path)};
}

}  // namespace

EventFacts facts_of_good(const EnrichedEvent& event, json::Arena& arena) {
    return {.app_id = arena.copy(event[Field::kAppId]), .schema = schema_path(event, arena)};
}

EventFacts facts_of_failed(const EnrichedEvent& event, const StageFailures& failures,
                           json::Arena& arena) {
    EventFacts facts =
        failures.violations.empty()
            ? facts_of_bad("enrichment_failures", first_schema(std::span(failures.failures), arena))
            : facts_of_bad("schema_violations",
                           first_schema(std::span(failures.violations), arena));
    facts.app_id = arena.copy(event[Field::kAppId]);
    return facts;
}

EventFacts facts_of_bad(std::string_view type, std::string_view schema) {
    return {.verdict = Verdict::kBad, .schema = schema, .bad_type = type};
}

EventFacts facts_of_too_large(const EventFacts& facts) {
    EventFacts out = facts_of_bad("size_violation");
    out.app_id = facts.app_id;
    return out;
}

}  // namespace snowline::enricher
