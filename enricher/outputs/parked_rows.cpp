#include "enricher/outputs/parked_rows.h"

#include "common/model/collector_bad_rows.h"
#include "enricher/outputs/row_limit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

void append_parked(Row row, const BadRowSource& source, const Outputs& outputs,
                   std::vector<Row>& rows) {
    const std::string& name = outputs[row.output].name;
    const std::size_t before = rows.size();
    append_bad_row(
        model::generic_error_json(
            {.timestamp_ms = source.now_ms,
             .errors = {fmt::format("the topic of output {} cannot be written; the payload is "
                                    "the row that it would have got",
                                    name)},
             .payload = std::move(row.value)},
            source.processor),
        row.index, source, outputs, rows);
    for (std::size_t i = before; i < rows.size(); ++i) {
        rows[i].headers.push_back({kParkedHeader, name});
    }
}

}  // namespace

std::vector<Row> with_parked(std::vector<Row> rows, const BadRowSource& source,
                             const Outputs& outputs) {
    const auto is_parked = [&](const Row& row) {
        return outputs.states().is_parked(row.output) && outputs[row.output].stream != Stream::kBad;
    };
    if (outputs.of(Stream::kBad).empty() || std::none_of(rows.begin(), rows.end(), is_parked)) {
        return rows;
    }
    std::vector<Row> out;
    for (Row& row : rows) {
        if (is_parked(row)) {
            append_parked(std::move(row), source, outputs, out);
        } else {
            out.push_back(std::move(row));
        }
    }
    return out;
}

}  // namespace snowline::enricher
