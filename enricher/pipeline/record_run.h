#pragma once

#include "enricher/outputs/row.h"
#include "enricher/pipeline/record_origin.h"
#include "enricher/pipeline/record_rows.h"
#include "enricher/pipeline/stages.h"
#include "enricher/pipeline/worker.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// The way of one record to its rows. A worker has one at a time: what it makes lives in the
/// worker's arena. Record, origin and worker must outlive it.
class RecordRun {
public:
    RecordRun(std::string_view record, const RecordOrigin& origin, std::int64_t now_ms,
              Worker& worker);

    std::vector<Row> rows();

private:
    void make_rows();
    void run_event(const RawEvent& raw, std::uint32_t index, const EventScope& scope);
    void run_failed_event(const RawEvent& raw, std::uint32_t index, const EventScope& scope);

    std::string_view record_;
    std::int64_t now_ms_;
    Worker& worker_;
    EventIds ids_;
    Payload payload_;
    RecordRows rows_;
    std::optional<std::string> fault_;
};

}  // namespace snowline::enricher
