#pragma once

#include "enricher/outputs/row.h"
#include "enricher/pipeline/record_origin.h"
#include "enricher/pipeline/worker.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// The rows of one record of the raw topic, in the order of its events; one at least (of those that
/// the outputs ask for), whatever the bytes are. No I/O, no lock; `now_ms` is the time of the run.
std::vector<Row> enrich_record(std::string_view record, const RecordOrigin& origin,
                               std::int64_t now_ms, Worker& worker);

/// The generic_error of a record on which `enrich_record` threw, which only memory can cause.
std::vector<Row> broken_record(std::string_view record, std::string_view error, std::int64_t now_ms,
                               const CoreSettings& settings);

}  // namespace snowline::enricher
