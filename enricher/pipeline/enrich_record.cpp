#include "enricher/pipeline/enrich_record.h"

#include "enricher/outputs/row_limit.h"
#include "enricher/pipeline/record_rows.h"
#include "enricher/pipeline/record_run.h"

namespace snowline::enricher {

std::vector<Row> enrich_record(std::string_view record, const RecordOrigin& origin,
                               std::int64_t now_ms, Worker& worker) {
    return RecordRun(record, origin, now_ms, worker).rows();
}

std::vector<Row> broken_record(std::string_view record, std::string_view error, std::int64_t now_ms,
                               const CoreSettings& settings) {
    const BadRowSource source{settings.processor, now_ms};
    std::vector<Row> rows;
    append_bad_row(generic_error(error, record, source), 0, source, settings.outputs, rows);
    return rows;
}

}  // namespace snowline::enricher
