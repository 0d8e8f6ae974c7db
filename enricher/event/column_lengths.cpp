#include "enricher/event/column_lengths.h"

#include "common/text/utf8.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// event_id is not checked: it is a UUID. The reference checks the column `event` in its place.
bool is_checked(const FieldFacts& facts) {
    return facts.units_max != 0 && facts.field != Field::kEventId;
}

bool is_too_long(const FieldFacts& facts, const EnrichedEvent& event) {
    const std::string_view text = event.columns()[index_of(facts.field)];
    return text.size() > facts.units_max && text::utf16_length(text) > facts.units_max;
}

EnrichmentFailure simple(std::string error) {
    return {.enrichment = std::nullopt, .message = Simple{std::move(error)}};
}

}  // namespace

std::vector<EnrichmentFailure> check_lengths(const EnrichedEvent& event) {
    std::vector<EnrichmentFailure> out;
    for (const FieldFacts& facts : kFields) {
        if (!is_checked(facts) || !is_too_long(facts, event)) continue;
        if (out.empty()) {
            out.push_back(simple(
                "Enriched event does not conform to atomic schema field's length restrictions"));
        }
        out.push_back(simple(fmt::format("Field {} longer than maximum allowed size {}", facts.name,
                                         facts.units_max)));
    }
    return out;
}

void clear_too_long(EnrichedEvent& event) {
    for (const FieldFacts& facts : kFields) {
        if (is_checked(facts) && is_too_long(facts, event)) event.clear(facts.field);
    }
}

}  // namespace snowline::enricher
