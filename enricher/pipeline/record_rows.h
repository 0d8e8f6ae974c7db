#pragma once

#include "enricher/load/failure.h"
#include "enricher/load/payload.h"
#include "enricher/outputs/bad_row.h"
#include "enricher/outputs/row.h"
#include "enricher/pipeline/stages.h"
#include "enricher/pipeline/worker.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// What a record becomes: rows for the outputs, and in `worker.facts` what there is to count. Each
/// call is about one event, or about the whole record.
class RecordRows {
public:
    RecordRows(std::string_view record, std::int64_t now_ms, Worker& worker)
        : record_(record), now_ms_(now_ms), worker_(worker) {}

    /// An event that passed all stages, and the event that tells what pii replaced in it.
    void add_good(const EventState& state);
    /// The bad row of one that did not.
    void add_bad(const EventState& state);
    /// What is left of that: its failed event.
    void add_failed(const EventState& state);

    /// The record is no request of a collector.
    void add_unloadable(std::span<const LoadFailure> failures);
    /// The request gives no events.
    void add_unadaptable(const Payload& payload, std::span<const AdapterFailure> failures);
    /// All of the record is one generic_error, whatever was added before.
    void be_generic_error(std::string_view error);
    /// The same, where it took too much work: it may come out well another time.
    void be_out_of_time(std::string_view error);

    /// The record has become as much as it may.
    bool is_full() { return is_full(rows_.size(), bytes()); }
    /// Sorts the rows by their events, of which there are `events`, and takes out those of events
    /// behind one that makes it full. The first event that is out; `events` where none is.
    std::uint32_t put_in_order(std::uint32_t events);
    /// One size_violation tells of the `left_out` events from `index` on.
    void add_left_out(std::uint32_t index, std::size_t left_out);

    /// Of what was made until now: values, keys and headers.
    std::size_t bytes();

    std::vector<Row> take() { return std::move(rows_); }

private:
    void add_bad(std::string row, const EventFacts& facts, std::uint32_t index);
    void add_facts(EventFacts facts, std::uint32_t index);
    bool is_full(std::size_t rows, std::size_t bytes) const;
    void add_pii(const EventState& state, std::string_view transformation);
    std::string bad_row_of(const EventState& state) const;
    BadRowSource source() const { return {worker_.settings.processor, now_ms_}; }

    std::string_view record_;
    std::int64_t now_ms_;
    Worker& worker_;
    std::vector<Row> rows_;
    std::size_t bytes_ = 0, counted_ = 0;  // of the first rows
};

/// The header of a bad row that the same record may not become another time, and why.
inline constexpr const char* kNotReproducibleHeader = "snowline-not-reproducible";

/// The generic_error of a record, as bad rows have it.
std::string generic_error(std::string_view error, std::string_view record,
                          const BadRowSource& source);

}  // namespace snowline::enricher
