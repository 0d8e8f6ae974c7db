#include "enricher/outputs/tsv.h"

namespace snowline::enricher {

std::string tsv_row(const EventView& event) {
    const Columns& columns = event.columns();
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

Result<Columns, std::size_t> read_tsv_row(std::string_view row) {
    Columns columns;
    std::size_t count = 0;
    while (true) {
        const auto tab = row.find('\t');
        if (count < kFieldCount) columns[count] = row.substr(0, tab);
        ++count;
        if (tab == std::string_view::npos) break;
        row.remove_prefix(tab + 1);
    }
    if (count != kFieldCount) return unexpected(count);
    return columns;
}

}  // namespace snowline::enricher
