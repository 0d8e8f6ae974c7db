#include "enricher/rows/tsv.h"

namespace snowline::enricher {

std::string tsv_row(const EnrichedEvent& event) {
    std::size_t size = kFieldCount - 1;
    for (const FieldFacts& facts : kFields) size += event[facts.field].size();
    std::string out;
    out.reserve(size);
    for (const FieldFacts& facts : kFields) {
        if (facts.field != kFields.front().field) out += '\t';
        out += event[facts.field];
    }
    return out;
}

}  // namespace snowline::enricher
