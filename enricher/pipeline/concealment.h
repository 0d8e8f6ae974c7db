#pragma once

#include "common/json/arena.h"
#include "enricher/enrich/enrichment.h"

#include <string>

namespace snowline::enricher {

/// A bad row without the values that the pii enrichment would have replaced in a good one.
std::string concealed(std::string bad_row, const BadRowOrigin& origin, Enrichments& enrichments,
                      json::Arena& arena);

}  // namespace snowline::enricher
