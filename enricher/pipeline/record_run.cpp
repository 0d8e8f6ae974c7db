#include "enricher/pipeline/record_run.h"

#include "common/text/time.h"
#include "enricher/adapt/adapter.h"
#include "enricher/load/load.h"
#include "enricher/pipeline/record_observer.h"

#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {

RecordRun::RecordRun(std::string_view record, const RecordOrigin& origin, std::int64_t now_ms,
                     Worker& worker)
    : record_(record),
      now_ms_(now_ms),
      worker_(worker),
      ids_(origin, record),
      rows_(record, now_ms, worker) {
    worker.arena.reset();
    worker.schemas.trim();
    worker.facts.clear();
}

std::vector<Row> RecordRun::rows() {
    make_rows();
    auto rows = rows_.take();
    if (worker_.observer != nullptr) worker_.observer->rows_made(rows, worker_.settings.outputs);
    return rows;
}

void RecordRun::make_rows() {
    json::Arena& arena = worker_.arena;
    RecordObserver* observer = worker_.observer;
    if (observer != nullptr) observer->begins();
    const Base64 base64 = worker_.settings.try_base64 ? Base64::kMaybe : Base64::kNever;
    auto payload = load(record_, arena, base64);
    if (observer != nullptr) observer->loaded(payload);
    if (!payload) return rows_.add_unloadable(payload.error());
    payload_ = std::move(*payload);
    worker_.facts.collected_ms = payload_.sender.timestamp_ms;

    if (observer != nullptr) observer->begins();
    const Parameters querystring(payload_.querystring);
    const auto events = adapt({.payload = payload_,
                               .querystring = querystring,
                               .schemas = worker_.schemas,
                               .arena = arena,
                               .remote = worker_.remote,
                               .replaced_schemas = &worker_.settings.replaced_schemas});
    if (observer != nullptr) observer->adapted(payload_, events);
    if (!events) return rows_.add_unadaptable(payload_, events.error());

    const model::Artifact& processor = worker_.settings.processor;
    const EventScope scope{
        .payload = payload_,
        .ids = ids_,
        .start = {.etl_tstamp = arena.copy(text::format_tstamp(now_ms_)),
                  .v_etl = arena.copy(fmt::format("{}-{}", processor.name, processor.version))},
        .now_ms = now_ms_,
        .worker = worker_};
    for (std::uint32_t index = 0; index < events->size() && !fault_; ++index) {
        run_event((*events)[index], index, scope);
    }
    if (fault_) rows_.be_generic_error(*fault_);
}

void RecordRun::run_event(const RawEvent& raw, std::uint32_t index, const EventScope& scope) {
    EventState state(scope, raw, index, Policy::kStop);
    run_stages(state);
    for (const std::string_view schema : state.old_schemas) {
        worker_.facts.old_schemas.push_back(
            {.schema = schema, .app_id = state.event()[Field::kAppId]});
    }
    worker_.facts.accepted_invalid += state.is_accepted ? 1 : 0;
    if (const std::string* fault = state.fault()) {
        fault_ = *fault;
    } else if (state.failures.empty()) {
        rows_.add_good(state);
    } else {
        rows_.add_bad(state);
        run_failed_event(raw, index, scope);
    }
}

// Twice the work, for bad events only.
void RecordRun::run_failed_event(const RawEvent& raw, std::uint32_t index,
                                 const EventScope& scope) {
    if (worker_.settings.outputs.of(Stream::kFailed).empty()) return;
    worker_.schemas.observe(nullptr);
    EventState state(scope, raw, index, Policy::kStrip);
    run_stages(state);
    worker_.schemas.observe(worker_.observer);
    if (state.fault() == nullptr) rows_.add_failed(state);
}

}  // namespace snowline::enricher
