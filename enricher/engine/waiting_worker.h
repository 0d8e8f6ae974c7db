#pragma once

#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/schema_view.h"

#include <cstdint>
#include <vector>

namespace snowline::enricher {

class RecordObserver;

/// Makes rows of one record after the other, without a log: where it needs a schema, it waits for
/// the registries, for a bounded time. One thread.
class WaitingWorker {
public:
    /// Settings and cache outlive the worker.
    WaitingWorker(const CoreSettings& settings, iglu::SchemaCache& schemas,
                  Enrichments enrichments);
    WaitingWorker(const WaitingWorker&) = delete;
    WaitingWorker& operator=(const WaitingWorker&) = delete;

    /// The rows of a record; `now_ms` is the time of the run.
    std::vector<Row> map(const log::Record& record, std::int64_t now_ms);

    const Outputs& outputs() const { return worker_.settings.outputs; }

    /// Tells this one of all records from now on; nullptr: nobody.
    void observe(RecordObserver* observer) { worker_.observe(observer); }

private:
    iglu::WaitingSchemaSource schemas_;
    Worker worker_;
};

}  // namespace snowline::enricher
