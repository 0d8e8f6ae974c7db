#include "enricher/engine/waiting_worker.h"

#include <cstddef>
#include <utility>

namespace snowline::enricher {
namespace {

// Clients choose the schemas' names, so the known ones are dropped from time to time.
constexpr std::size_t kSchemasKept = 20'000;

}  // namespace

WaitingWorker::WaitingWorker(const CoreSettings& settings, iglu::SchemaCache& schemas,
                             Enrichments enrichments)
    : schemas_(schemas), worker_(settings, schemas_, std::move(enrichments)) {}

std::vector<Row> WaitingWorker::map(const log::Record& record, std::int64_t now_ms) {
    if (schemas_.size() > kSchemasKept) {
        worker_.schemas.forget();
        schemas_.forget();
    }
    return enrich_record(record.value, origin_of(record), now_ms, worker_);
}

}  // namespace snowline::enricher
