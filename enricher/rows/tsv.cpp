#include "enricher/rows/tsv.h"

namespace snowline::enricher {

std::string tsv_row(const EnrichedEvent& event) {
    const auto& columns = event.columns();
    std::size_t size = kFieldCount - 1;
    for (const std::string_view column : columns) size += column.size();
    std::string out;
    out.reserve(size);
    for (const std::string_view& column : columns) {
        if (&column != &columns.front()) out += '\t';
        out += column;
    }
    return out;
}

}  // namespace snowline::enricher
