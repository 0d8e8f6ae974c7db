#include "enricher/pipeline/concealment.h"

#include <utility>

namespace snowline::enricher {

std::string concealed(std::string bad_row, const BadRowOrigin& origin, Enrichments& enrichments,
                      json::Arena& arena) {
    for (const auto& pii : enrichments[EnrichmentKind::kPiiPseudonymization]) {
        bad_row = pii->conceal(std::move(bad_row), origin, arena);
    }
    return bad_row;
}

}  // namespace snowline::enricher
