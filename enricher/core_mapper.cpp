#include "enricher/core_mapper.h"

#include <chrono>
#include <utility>

namespace snowline::enricher {
namespace {

std::int64_t now_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

}  // namespace

CoreMapper::CoreMapper(const CoreSettings& settings, iglu::SchemaCache& schemas,
                       Enrichments enrichments)
    : schemas_(schemas), worker_(settings, schemas_, std::move(enrichments)) {}

// Rows that were made while a schema was missing are of no use: the record is mapped again once its
// schemas are there. It takes as many rounds as schemas are nested, and only while they are new.
std::optional<std::vector<Row>> CoreMapper::map(const log::Record& record) {
    while (true) {
        if (schemas_.is_missing()) {
            const bool loaded = schemas_.load_missing();
            worker_.schemas.forget();
            if (!loaded) return std::nullopt;
        }
        auto rows = enrich_record(record.value, now_ms(), worker_);
        if (!schemas_.is_missing()) return rows;
    }
}

Row CoreMapper::broken(const log::Record& record, std::string_view what) {
    return broken_record(record.value, what, now_ms(), worker_.settings);
}

void CoreMapper::refresh() {
    schemas_.refresh();
    worker_.schemas.forget();
}

}  // namespace snowline::enricher
