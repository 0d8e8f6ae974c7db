#include "enricher/pipeline/record_run.h"

#include "common/text/time.h"
#include "enricher/adapt/adapter.h"
#include "enricher/load/load.h"
#include "enricher/pipeline/record_observer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

std::size_t bytes_of(const RawEvent& event) {
    std::size_t bytes = 0;
    for (const Parameter& parameter : event.parameters) {
        bytes += parameter.name.size() + parameter.value.value_or("").size();
    }
    return bytes;
}

}  // namespace

std::size_t RecordRun::bytes() {
    constexpr std::size_t kGrowth = 10;  // of JSON texts that are read, and raw events
    return rows_.bytes() + kGrowth * (record_.size() + asking_bytes_);
}

RecordRun::RecordRun(std::string_view record, const RecordOrigin& origin, std::int64_t now_ms,
                     Worker& worker)
    : record_(record),
      now_ms_(now_ms),
      worker_(worker),
      work_(worker.settings.limits.work, worker.interrupted),
      ids_(origin, record),
      rows_(record, now_ms, worker) {
    worker.arena.reset();
    worker.event_arena.reset();
    worker.schemas.trim();
    worker.facts.clear();
}

class RecordRun::AtWork {
public:
    explicit AtWork(RecordRun& run) : run_(run) {
        run_.work_.go_on();
        run_.worker_.schemas.limit(&run_.work_);
    }
    ~AtWork() {
        run_.worker_.schemas.limit(nullptr);
        run_.work_.pause();
    }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

private:
    RecordRun& run_;
};

Progress RecordRun::advance() {
    const AtWork at_work(*this);
    const Progress progress = go_on();
    if (!work_.is_over()) return progress;
    be_over();
    return Progress::kDone;
}

Progress RecordRun::go_on() {
    if (step_ == Step::kLoad) load_payload();
    if (step_ == Step::kAdapt && adapt_payload() == Progress::kAsks) return Progress::kAsks;
    if (step_ == Step::kEvents && run_events() == Progress::kAsks) return Progress::kAsks;
    step_ = Step::kDone;
    return Progress::kDone;
}

// Whatever it has become until now is thrown away.
void RecordRun::be_over() {
    step_ = Step::kDone;
    asking_.clear();
    if (is_interrupted()) return static_cast<void>(rows_.take());
    const auto seconds = [](auto time) { return std::chrono::duration<double>(time).count(); };
    rows_.be_out_of_time(fmt::format(
        "{:.1f} s of work are more than the {:.1f} s that one record may take; it was at {}. This "
        "is not reproducible: it depends on the machine, and the record may pass another time",
        seconds(work_.used()), seconds(worker_.settings.limits.work),
        over_at_.empty() ? "its adapter" : over_at_));
}

std::vector<Row> RecordRun::take_rows() {
    auto rows = rows_.take();
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
    EventsBound bound(static_cast<std::size_t>(worker_.settings.limits.rows));
    auto events = adapt({.payload = payload_,
                         .querystring = querystring_,
                         .schemas = worker_.schemas,
                         .arena = arena,
                         .remote = worker_.remote,
                         .replaced_schemas = &worker_.settings.replaced_schemas,
                         .body = &body_,
                         .bound = &bound});
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
    not_made_ = bound.left_out();
    const model::Artifact& processor = worker_.settings.processor;
    scope_.emplace(EventScope{
        .payload = payload_,
        .ids = ids_,
        .start = {.etl_tstamp = arena.copy(text::format_tstamp(now_ms_)),
                  .v_etl = arena.copy(fmt::format("{}-{}", processor.name, processor.version))},
        .now_ms = now_ms_,
        .worker = worker_,
        .work = work_});
    step_ = Step::kEvents;
    return Progress::kDone;
}

// An event that makes the whole record a generic_error ends those behind it; one before it may
// still do the same, and is then the one that is told. What an event used is free before the next
// one, unless it asks.
Progress RecordRun::run_events() {
    go_on_with_asking();
    std::unique_ptr<Place> place;
    while (next_event_ < events_.size() && !fault_ && has_room_to_ask() && !rows_.is_full() &&
           !work_.is_over()) {
        if (!place) place = std::make_unique<Place>();
        place->state.emplace(*scope_, events_[next_event_], next_event_, Policy::kStop);
        ++next_event_;
        if (run_event(*place) == Progress::kDone) continue;
        asking_bytes_ += bytes_of(place->state->raw);
        asking_.push_back(std::move(place));
    }
    if (!asking_.empty()) {
        has_asked_ = true;
        return Progress::kAsks;
    }
    end_events();
    return Progress::kDone;
}

void RecordRun::go_on_with_asking() {
    std::erase_if(asking_, [&](const std::unique_ptr<Place>& place) {
        if (fault_ && place->state->index > fault_->event) return true;
        return run_event(*place) == Progress::kDone;
    });
    asking_bytes_ = 0;
    for (const auto& place : asking_) asking_bytes_ += bytes_of(place->state->raw);
}

// Each event that asks keeps what it has made, up to twenty times its texts: the next ones begin
// once those are done.
bool RecordRun::has_room_to_ask() const {
    constexpr std::size_t kAskingMax = 256;
    constexpr std::size_t kAskingBytesMax = 1'000'000;
    return asking_.size() < kAskingMax && asking_bytes_ < kAskingBytesMax;
}

void RecordRun::end_events() {
    if (fault_) return rows_.be_generic_error(fault_->text);
    std::uint32_t done = next_event_;
    if (has_asked_) done = rows_.put_in_order(done);
    const std::size_t left_out = events_.size() - done + not_made_;
    if (left_out > 0) rows_.add_left_out(done, left_out);
}

// While it runs, what it has made is in the worker; while it asks, here.
Progress RecordRun::run_event(Place& place) {
    const bool has_asked = std::exchange(place.has_asked, true);
    if (has_asked) std::swap(worker_.event_arena, place.arena);
    const Progress progress = run_ways(place);
    if (progress == Progress::kDone) {
        place.state.reset();
        worker_.event_arena.reset();
        place.has_asked = false;
    }
    if (has_asked || progress == Progress::kAsks) std::swap(worker_.event_arena, place.arena);
    return progress;
}

// An event that fails goes the same way once more for its failed event: twice the work, for bad
// events only. Nobody is told of the second way.
Progress RecordRun::run_ways(Place& place) {
    EventState& state = *place.state;
    const bool is_second_way = state.policy == Policy::kStrip;
    if (is_second_way) worker_.schemas.observe(nullptr);
    const Progress progress = run_stages(state);
    if (is_second_way) worker_.schemas.observe(worker_.observer);
    if (work_.is_over()) {
        if (over_at_.empty()) {
            over_at_ = fmt::format("event {} of {}, at {}", state.index + 1, events_.size(),
                                   stage_name(state));
        }
        return Progress::kDone;
    }
    if (progress == Progress::kAsks) return progress;
    finish(state);
    const bool has_failed = state.fault() == nullptr && !state.failures.empty();
    if (is_second_way || !has_failed || worker_.settings.outputs.of(Stream::kFailed).empty()) {
        return Progress::kDone;
    }
    const std::uint32_t index = state.index;
    place.state.emplace(*scope_, events_[index], index, Policy::kStrip);
    return run_ways(place);
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
            {.schema = worker_.facts.texts.copy(schema),
             .app_id = worker_.facts.texts.copy(state.event()[Field::kAppId])});
    }
    if (state.is_accepted) worker_.facts.counters.add("enrich_invalid_accepted_total");
}

}  // namespace snowline::enricher
