#include "enricher/pipeline/record_run.h"

#include "common/text/time.h"
#include "enricher/adapt/adapter.h"
#include "enricher/load/load.h"
#include "enricher/pipeline/record_observer.h"

#include <algorithm>
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

Progress RecordRun::advance() {
    if (step_ == Step::kLoad) load_payload();
    if (step_ == Step::kAdapt && adapt_payload() == Progress::kAsks) return Progress::kAsks;
    if (step_ == Step::kEvents && run_events() == Progress::kAsks) return Progress::kAsks;
    step_ = Step::kDone;
    return Progress::kDone;
}

std::vector<Row> RecordRun::take_rows() {
    auto rows = rows_.take();
    if (has_asked_) {
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return a.index < b.index; });
    }
    if (worker_.observer != nullptr) worker_.observer->rows_made(rows, worker_.settings.outputs);
    return rows;
}

void RecordRun::load_payload() {
    RecordObserver* observer = worker_.observer;
    if (observer != nullptr) observer->begins();
    const Base64 base64 = worker_.settings.try_base64 ? Base64::kMaybe : Base64::kNever;
    auto payload = load(record_, worker_.arena, base64);
    if (observer != nullptr) observer->loaded(payload);
    if (!payload) {
        rows_.add_unloadable(payload.error());
        step_ = Step::kDone;
        return;
    }
    payload_ = std::move(*payload);
    querystring_ = Parameters(payload_.querystring);
    worker_.facts.collected_ms = payload_.sender.timestamp_ms;
    step_ = Step::kAdapt;
}

Progress RecordRun::adapt_payload() {
    json::Arena& arena = worker_.arena;
    RecordObserver* observer = worker_.observer;
    if (observer != nullptr) observer->begins();
    auto events = adapt({.payload = payload_,
                         .querystring = querystring_,
                         .schemas = worker_.schemas,
                         .arena = arena,
                         .remote = worker_.remote,
                         .replaced_schemas = &worker_.settings.replaced_schemas,
                         .body = &body_});
    if (asks(events)) {
        if (observer != nullptr) observer->asks();
        return Progress::kAsks;
    }
    if (observer != nullptr) observer->adapted(payload_, events);
    if (!events) {
        rows_.add_unadaptable(payload_, events.error());
        step_ = Step::kDone;
        return Progress::kDone;
    }
    events_ = std::move(*events);
    const model::Artifact& processor = worker_.settings.processor;
    scope_.emplace(EventScope{
        .payload = payload_,
        .ids = ids_,
        .start = {.etl_tstamp = arena.copy(text::format_tstamp(now_ms_)),
                  .v_etl = arena.copy(fmt::format("{}-{}", processor.name, processor.version))},
        .now_ms = now_ms_,
        .worker = worker_});
    step_ = Step::kEvents;
    return Progress::kDone;
}

// Those that asked come first. An event that makes the whole record a generic_error ends those
// behind it; one before it may still do the same, and is then the one that is told.
Progress RecordRun::run_events() {
    std::erase_if(asking_, [&](const std::unique_ptr<Place>& place) {
        if (fault_ && place->state->index > fault_->event) return true;
        return run_event(*place) == Progress::kDone;
    });
    std::unique_ptr<Place> place;
    while (next_event_ < events_.size() && !fault_) {
        if (!place) place = std::make_unique<Place>();
        place->state.emplace(*scope_, events_[next_event_], next_event_, Policy::kStop);
        ++next_event_;
        if (run_event(*place) == Progress::kAsks) asking_.push_back(std::move(place));
    }
    if (!asking_.empty()) {
        has_asked_ = true;
        return Progress::kAsks;
    }
    if (fault_) rows_.be_generic_error(fault_->text);
    return Progress::kDone;
}

// An event that fails goes the same way once more for its failed event: twice the work, for bad
// events only. Nobody is told of the second way.
Progress RecordRun::run_event(Place& place) {
    EventState& state = *place.state;
    const bool is_second_way = state.policy == Policy::kStrip;
    if (is_second_way) worker_.schemas.observe(nullptr);
    const Progress progress = run_stages(state);
    if (is_second_way) worker_.schemas.observe(worker_.observer);
    if (progress == Progress::kAsks) return progress;
    finish(state);
    const bool has_failed = state.fault() == nullptr && !state.failures.empty();
    if (is_second_way || !has_failed || worker_.settings.outputs.of(Stream::kFailed).empty()) {
        return Progress::kDone;
    }
    const std::uint32_t index = state.index;
    place.state.emplace(*scope_, events_[index], index, Policy::kStrip);
    return run_event(place);
}

void RecordRun::finish(const EventState& state) {
    if (state.policy == Policy::kStrip) {
        if (state.fault() == nullptr) rows_.add_failed(state);
        return;
    }
    note_facts(state);
    if (const std::string* fault = state.fault()) {
        if (!fault_ || state.index < fault_->event) fault_ = Fault{state.index, *fault};
    } else if (state.failures.empty()) {
        rows_.add_good(state);
    } else {
        rows_.add_bad(state);
    }
}

void RecordRun::note_facts(const EventState& state) {
    for (const std::string_view schema : state.old_schemas) {
        worker_.facts.old_schemas.push_back(
            {.schema = schema, .app_id = state.event()[Field::kAppId]});
    }
    if (state.is_accepted) worker_.facts.counters.add("enrich_invalid_accepted_total");
}

}  // namespace snowline::enricher
