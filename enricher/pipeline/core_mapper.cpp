#include "enricher/pipeline/core_mapper.h"

#include "common/clock.h"
#include "enricher/adapt/remote.h"
#include "enricher/pipeline/enrich_record.h"

#include <utility>

namespace snowline::enricher {

CoreMapper::CoreMapper(const CoreSettings& settings, iglu::SchemaCache& schemas,
                       Enrichments enrichments, RemoteAdapterClient* remote_adapters)
    : schemas_(schemas),
      worker_(settings, schemas_, std::move(enrichments)),
      remote_adapters_(remote_adapters),
      remote_answers_(remote_adapters != nullptr ? remote_adapters->adapters()
                                                 : std::vector<RemoteAdapter>{}),
      now_ms_(snowline::now_ms()) {
    if (remote_adapters != nullptr) worker_.remote = &remote_answers_;
}

// Rows that were made while a schema was missing are of no use: the record is mapped again once its
// schemas are there. It takes as many rounds as schemas are nested, and only while they are new.
// The same for the answer of a remote adapter, which holds for the record's other rounds.
std::optional<std::vector<Row>> CoreMapper::map(const log::Record& record) {
    while (true) {
        if (schemas_.is_missing()) {
            const bool loaded = schemas_.load_missing();
            worker_.schemas.forget();
            if (!loaded) {
                schemas_.forget_missing();
                remote_answers_.forget();
                return std::nullopt;
            }
        }
        auto rows = enrich_record(record.value, origin_of(record), now_ms_, worker_);
        if (ask_remote_adapter()) continue;
        if (schemas_.is_missing()) continue;
        remote_answers_.forget();
        tally_.add(worker_.facts, rows);
        return rows;
    }
}

// Whether there was something to ask.
bool CoreMapper::ask_remote_adapter() {
    const RemoteQuestion* question = remote_answers_.missing();
    if (question == nullptr) return false;
    remote_answers_.put(remote_adapters_->ask(*question));
    return true;
}

std::vector<Row> CoreMapper::broken(const log::Record& record, std::string_view what) {
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
