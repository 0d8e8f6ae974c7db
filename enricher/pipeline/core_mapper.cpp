#include "enricher/pipeline/core_mapper.h"

#include "common/clock.h"
#include "enricher/outputs/parked_rows.h"
#include "enricher/pipeline/enrich_record.h"
#include "enricher/pipeline/record_run.h"

#include <optional>
#include <stdexcept>
#include <utility>

namespace snowline::enricher {

/// What the worker knows of schemas, which a record refers to as long as it runs. The one of the
/// records that begin now is in the worker and in `schemas_`, and this is empty; one that was left
/// while records of it wait is here.
struct CoreMapper::Epoch {
    explicit Epoch(iglu::SchemaSource& source) : table(source) {}

    SchemaTable table;
    SchemaLookups::Known known;
};

/// Where a record runs, and stays while it waits. What it has made and asked is in the worker while
/// it runs, and here while it waits.
struct CoreMapper::Place final : SuspendedRecord {
    Waits waits() const override {
        if (is_out) return Waits::kForOutage;
        return questions.have_landed() ? Waits::kForNothing : Waits::kForAnswers;
    }
    ~Place() override { leave(); }

    /// It begins again from its bytes; the questions stay.
    void forget() {
        run.reset();
        arena = json::Arena();
        facts.clear();
        epoch.reset();
        leave();
    }
    void leave() {
        if (mapper == nullptr) return;
        --mapper->suspended_;
        mapper->suspended_bytes_ -= bytes;
        mapper = nullptr;
        bytes = 0;
    }

    json::Arena arena;
    std::optional<RecordRun> run;  // none: it begins again from its bytes
    RecordFacts facts;
    AllQuestions questions;
    bool is_out = false;
    std::shared_ptr<Epoch> epoch;
    CoreMapper* mapper = nullptr;  // that counts it among those that wait; nullptr: it never did
    std::size_t bytes = 0;         // that are counted
};

/// A record that waited is in the worker as long as this lives.
class CoreMapper::InPlace {
public:
    InPlace(CoreMapper& mapper, Place& place) : mapper_(mapper), place_(place) { swap(); }
    ~InPlace() { swap(); }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;

private:
    void swap() {
        std::swap(mapper_.worker_.arena, place_.arena);
        std::swap(mapper_.worker_.facts, place_.facts);
        if (place_.epoch == mapper_.epoch_) return;
        mapper_.worker_.schemas.swap_contents(place_.epoch->table);
        mapper_.schemas_.swap_known(place_.epoch->known);
    }

    CoreMapper& mapper_;
    Place& place_;
};

CoreMapper::CoreMapper(const CoreSettings& settings, iglu::SchemaLoader& schemas,
                       Enrichments enrichments, RemoteAdapterClient* remote_adapters,
                       RecordObserver* observer)
    : schemas_(schemas),
      remote_adapters_(remote_adapters),
      lookups_({&schemas_, &remote_adapters_}),
      worker_(settings, schemas_, std::move(enrichments)),
      now_ms_(snowline::now_ms()),
      epoch_(std::make_shared<Epoch>(schemas_)) {
    if (remote_adapters != nullptr) worker_.remote = &remote_adapters_.answers();
    worker_.observe(observer);
    worker_.interrupted = &interrupted_;
}

CoreMapper::~CoreMapper() = default;

Mapped CoreMapper::map(const log::Record& record) {
    std::unique_ptr<Place> place = std::exchange(spare_, nullptr);
    if (place == nullptr) place = std::make_unique<Place>();
    return start(record, std::move(place));
}

Mapped CoreMapper::start(const log::Record& record, std::unique_ptr<Place> place) {
    if (worker_.schemas.is_too_large()) leave_epoch();
    place->run.emplace(record.value, origin_of(record), now_ms_, worker_);
    if (auto rows = advance(*place)) {
        if (place->run->is_interrupted()) return std::unique_ptr<SuspendedRecord>();
        spare_ = std::move(place);
        return *std::move(rows);
    }
    const std::size_t bytes = place->run->bytes();
    if (!may_keep(*place, bytes)) {
        place->run.reset();
        return place;
    }
    // The worker goes on with an empty arena, and forgets what it counted.
    std::swap(worker_.arena, place->arena);
    std::swap(worker_.facts, place->facts);
    place->epoch = epoch_;
    place->mapper = this;
    place->bytes = bytes;
    ++suspended_;
    suspended_bytes_ += bytes;
    return place;
}

// One always, so that a large one comes through.
bool CoreMapper::may_keep(const Place& place, std::size_t bytes) const {
    const std::size_t others = suspended_ - (place.mapper != nullptr ? 1 : 0);
    if (others == 0) return true;
    return others < kSuspendedMax && suspended_bytes_ - place.bytes + bytes <= kSuspendedBytesMax;
}

Mapped CoreMapper::go_on(const log::Record& record, std::unique_ptr<SuspendedRecord> suspended) {
    if (suspended == nullptr) return map(record);
    std::unique_ptr<Place> place(static_cast<Place*>(suspended.release()));
    std::optional<InPlace> in_place;  // from here on: answers go to what the record knows
    if (place->run) in_place.emplace(*this, *place);
    lookups_.take_up(std::move(place->questions));
    if (!answered(*place)) return place;
    if (!place->run) return start(record, std::move(place));
    if (auto rows = advance(*place)) {
        if (place->run->is_interrupted()) return std::unique_ptr<SuspendedRecord>();
        return *std::move(rows);
    }
    const std::size_t bytes = place->run->bytes();
    if (may_keep(*place, bytes)) {
        suspended_bytes_ += bytes - place->bytes;
        place->bytes = bytes;
    } else {
        in_place.reset();
        place->forget();
    }
    return place;
}

// As many rounds as schemas are nested, and only while they are new to this worker. None: it is put
// aside. Where it was interrupted the rows are none.
std::optional<std::vector<Row>> CoreMapper::advance(Place& place) {
    RecordRun& run = *place.run;
    while (run.advance() == Progress::kAsks) {
        if (!lookups_.has_questions()) throw std::logic_error("a stage waits for no answer");
        if (!answered(place)) return std::nullopt;
    }
    lookups_.end_record();
    if (run.is_interrupted()) return std::vector<Row>();
    auto rows = with_parked(run.take_rows(), {worker_.settings.processor, now_ms_},
                            worker_.settings.outputs);
    tally_.add(worker_.facts, rows);
    return rows;
}

// If not, the questions go with the record.
bool CoreMapper::answered(Place& place) {
    const Answers answers = lookups_.ask();
    if (answers == Answers::kAll) return true;
    place.is_out = answers == Answers::kOut;
    place.questions = lookups_.put_aside();
    return false;
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
    leave_epoch();
    schemas_.refresh();
    worker_.schemas.forget();
}

// What records that wait refer to goes with them.
void CoreMapper::leave_epoch() {
    if (epoch_.use_count() == 1) return;
    epoch_->known = schemas_.known();
    worker_.schemas.swap_contents(epoch_->table);
    epoch_ = std::make_shared<Epoch>(schemas_);
}

}  // namespace snowline::enricher
