#pragma once

#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/schema_view.h"

#include <cstdint>
#include <vector>

namespace snowline::enricher {

class RecordObserver;

/// Maps records to rows one after the other, without a log: blocks for a bounded time where a
/// schema must be fetched. One thread.
class WaitingWorker {
public:
    /// Settings and cache must outlive the worker.
    WaitingWorker(const CoreSettings& settings, iglu::SchemaCache& schemas,
                  Enrichments enrichments);
    WaitingWorker(const WaitingWorker&) = delete;
    WaitingWorker& operator=(const WaitingWorker&) = delete;

    /// The rows of a record; `now_ms` is the time of processing.
    std::vector<Row> map(const log::Record& record, std::int64_t now_ms);

    const Outputs& outputs() const { return worker_.settings.outputs; }

    /// Reports all further records to `observer`; nullptr: none.
    void observe(RecordObserver* observer) { worker_.observe(observer); }

private:
    iglu::WaitingSchemaSource schemas_;
    Worker worker_;
};

}  // namespace snowline::enricher
