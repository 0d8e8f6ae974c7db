#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/work_limit.h"
#include "enricher/load/parameters.h"
#include "enricher/load/payload.h"
#include "enricher/outputs/row.h"
#include "enricher/pipeline/record_origin.h"
#include "enricher/pipeline/record_rows.h"
#include "enricher/pipeline/stages.h"
#include "enricher/pipeline/worker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// The way of one record to its rows, as far as it has come. A worker has one at a time: what it
/// makes lives in the worker's arena. Record, origin and worker must outlive it, and stay where
/// they are.
class RecordRun {
public:
    RecordRun(std::string_view record, const RecordOrigin& origin, std::int64_t now_ms,
              Worker& worker);

    /// Goes on until the rows are made, or until each event is through or asks for something that
    /// is not known yet: then it has to be found out, and this to be called again. Nothing is done
    /// twice but the stage that asked. No I/O, no lock.
    Progress advance();

    /// Once it is done: all rows, in the order of the events.
    std::vector<Row> take_rows();

    /// It is done since somebody interrupted it, and has no rows: it is to begin again.
    bool is_interrupted() const { return work_.over() == WorkLimit::Over::kInterrupted; }
    /// Of what it keeps while it asks, about.
    std::size_t bytes();

private:
    enum class Step : std::uint8_t { kLoad, kAdapt, kEvents, kDone };
    /// Stays where it is while its event asks.
    struct Place {
        json::Arena arena;  // of the event, while it asks
        bool has_asked = false;
        std::optional<EventState> state;
    };
    /// The whole record becomes a generic_error because of this event.
    struct Fault {
        std::uint32_t event;
        std::string text;
    };

    class AtWork;

    Progress go_on();
    void load_payload();
    Progress adapt_payload();
    Progress run_events();
    void go_on_with_asking();
    bool has_room_to_ask() const;
    Progress run_event(Place& place);
    Progress run_ways(Place& place);
    void end_events();
    void be_over();
    void finish(const EventState& state);
    void note_facts(const EventState& state);

    std::string_view record_;
    std::int64_t now_ms_;
    Worker& worker_;
    WorkLimit work_;
    std::string over_at_;  // where it was when the work was over
    EventIds ids_;
    Step step_ = Step::kLoad;
    Payload payload_;
    Parameters querystring_;
    std::optional<json::Value> body_;  // where an adapter read it, and then asked
    std::vector<RawEvent> events_;
    std::size_t not_made_ = 0;      // events that the adapter left out
    std::size_t asking_bytes_ = 0;  // of the texts of events that ask
    std::optional<EventScope> scope_;
    std::uint32_t next_event_ = 0;
    std::vector<std::unique_ptr<Place>> asking_;  // events, in their order
    bool has_asked_ = false;                      // an event did: rows are not in order
    std::optional<Fault> fault_;
    RecordRows rows_;
};

}  // namespace snowline::enricher
