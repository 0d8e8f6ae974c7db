#include "enricher/pipeline/core_mapper.h"

#include "common/clock.h"
#include "enricher/outputs/parked_rows.h"
#include "enricher/pipeline/enrich_record.h"
#include "enricher/pipeline/record_run.h"

#include <stdexcept>
#include <utility>

namespace snowline::enricher {

CoreMapper::CoreMapper(const CoreSettings& settings, iglu::SchemaCache& schemas,
                       Enrichments enrichments, RemoteAdapterClient* remote_adapters)
    : schemas_(schemas),
      remote_adapters_(remote_adapters),
      lookups_({&schemas_, &remote_adapters_}),
      worker_(settings, schemas_, std::move(enrichments)),
      now_ms_(snowline::now_ms()) {
    if (remote_adapters != nullptr) worker_.remote = &remote_adapters_.answers();
}

std::optional<std::vector<Row>> CoreMapper::map(const log::Record& record) {
    auto rows = rows_of(record);
    lookups_.end_record();
    return rows;
}

// As many rounds as schemas are nested, and only while they are new to this worker.
std::optional<std::vector<Row>> CoreMapper::rows_of(const log::Record& record) {
    RecordRun run(record.value, origin_of(record), now_ms_, worker_);
    while (run.advance() == Progress::kAsks) {
        if (!lookups_.has_questions()) throw std::logic_error("a stage waits for no answer");
        if (!lookups_.resolve()) return std::nullopt;
    }
    auto rows = with_parked(run.take_rows(), {worker_.settings.processor, now_ms_},
                            worker_.settings.outputs);
    tally_.add(worker_.facts, rows);
    return rows;
}

std::vector<Row> CoreMapper::broken(const log::Record& record, std::string_view what) {
    lookups_.end_record();
    auto rows = broken_record(record.value, what, now_ms_, worker_.settings);
    RecordFacts facts;
    facts.events.push_back({.verdict = Verdict::kBad, .bad_type = "generic_error"});
    tally_.add(facts, rows);
    return rows;
}

Tally CoreMapper::take_tally() {
    return std::exchange(tally_, {});
}

void CoreMapper::refresh(std::int64_t now_ms) {
    now_ms_ = now_ms;
    schemas_.refresh();
    worker_.schemas.forget();
}

}  // namespace snowline::enricher
