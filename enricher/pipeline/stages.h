#pragma once

#include "common/json/arena.h"
#include "common/work_limit.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/event/entities.h"
#include "enricher/event/set_up.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"
#include "enricher/pipeline/record_origin.h"
#include "enricher/pipeline/worker.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The room of the pipeline, in the order of the data:
//
//   bytes of a record and where it comes from (record_origin.h)
//     → RecordRun (record_run.h): load/, adapt/ → raw events
//     → the stages of each event (here): event/, schemas, enrich/ → an event, or what failed
//     → RecordRows (record_rows.h): outputs/ → rows; event_facts.h → what there is to count
//     → CoreMapper (core_mapper.h): one worker of the running enricher, which finds out what the
//       stages ask (lookups/)
//
// An event that fails goes through the same stages a second time for its failed event.
namespace snowline::enricher {

/// What becomes of an event at a stage that fails.
enum class Policy : std::uint8_t {
    kStop,   // it is the last stage: the event is a bad row
    kStrip,  // what failed leaves the event, a context tells of it, and the next stage comes
};

/// What failed at one stage.
struct StageFailures {
    std::vector<SchemaViolation> violations;  // of the tracker's JSONs, contexts first
    std::size_t violations_of_contexts = 0;
    std::vector<EnrichmentFailure> failures;  // of anything else

    bool empty() const { return violations.empty() && failures.empty(); }
};

/// Of an event, or of a whole record.
enum class Progress : std::uint8_t {
    kDone,
    kAsks,  // for something that is not known yet: see lookups/lookups.h
};

/// What is the same for all events of a record. All of it outlives the stages.
struct EventScope {
    const Payload& payload;
    const EventIds& ids;
    EventStart start;
    std::int64_t now_ms;
    Worker& worker;
    WorkLimit& work;
};

/// An event between its stages.
struct EventState {
    const EventScope& scope;
    const RawEvent& raw;
    std::uint32_t index;  // in its request
    Policy policy;

    EventSetUp set_up = {};                          // the event itself is in here
    std::optional<Work> work = {};                   // from the enrichments on
    std::size_t stage = 0;                           // the next one
    StageFailures failures = {};                     // of the stage that was the last one; kStop
    std::vector<Entity> told = {};                   // of the stages that failed; kStrip
    std::vector<std::string_view> old_schemas = {};  // URIs of deprecated and sunset ones
    bool is_accepted = false;                        // columns are too long, and that is accepted

    EventState(const EventScope& its_scope, const RawEvent& its_raw, std::uint32_t its_index,
               Policy its_policy)
        : scope(its_scope), raw(its_raw), index(its_index), policy(its_policy) {}
    EventState(const EventState&) = delete;  // `work` refers to it
    EventState& operator=(const EventState&) = delete;

    EnrichedEvent& event() { return set_up.event; }
    const EnrichedEvent& event() const { return set_up.event; }
    /// Set where the reference throws: the whole record becomes one generic_error with this text.
    const std::string* fault() const { return work && work->fault ? &*work->fault : nullptr; }
};

/// Takes an event through the stages, up to one that asks: the next call goes on with that one. The
/// observer of the worker is told of those with kStop. Where the work is over it ends behind the
/// stage that it was at, and nothing of the event is to be used.
Progress run_stages(EventState& state);

/// The stage that the event is at, in words.
std::string_view stage_name(const EventState& state);

}  // namespace snowline::enricher
