#include "enricher/pipeline/record_rows.h"

#include "common/model/collector_bad_rows.h"
#include "common/text/base64.h"
#include "enricher/outputs/row_limit.h"
#include "enricher/pipeline/concealment.h"
#include "enricher/pipeline/event_facts.h"
#include "enricher/pipeline/failed_schema.h"
#include "enricher/pipeline/pii_event.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace snowline::enricher {
namespace {

std::size_t bytes_of(const Row& row) {
    std::size_t bytes = row.value.size() + (row.key ? row.key->size() : 0);
    for (const log::Header& header : row.headers) bytes += header.name.size() + header.value.size();
    return bytes;
}

}  // namespace

std::string generic_error(std::string_view error, std::string_view record,
                          const BadRowSource& source) {
    return model::generic_error_json({.timestamp_ms = source.now_ms,
                                      .errors = {std::string(error)},
                                      .payload = text::encode_base64(record)},
                                     source.processor);
}

void RecordRows::add_good(const EventState& state) {
    const EnrichedEvent& event = state.event();
    const Outputs& outputs = worker_.settings.outputs;
    const EventFacts facts = facts_of_good(event, worker_.facts.texts);
    const auto written =
        worker_.row_writer.write(event, Stream::kGood, state.index, outputs, rows_);
    if (!written) {
        if (const auto* large = std::get_if<TooLarge>(&written.error())) {
            add_facts(facts_of_too_large(facts), state.index);
            return append_size_violation(*large, state.index, source(), outputs, rows_);
        }
        const std::string& why = std::get<Unwritable>(written.error()).error;
        return add_bad(generic_error(why, record_, source()), facts_of_bad("generic_error"),
                       state.index);
    }
    add_facts(facts, state.index);
    if (const auto& pii = state.work->pii) add_pii(state, *pii);
}

// The event is counted already: what becomes of this row does not change what it is.
void RecordRows::add_pii(const EventState& state, std::string_view transformation) {
    const Outputs& outputs = worker_.settings.outputs;
    if (outputs.of(Stream::kPii).empty()) return;
    const EnrichedEvent event = pii_event(
        state.event(), transformation,
        worker_.event_arena.copy(state.scope.ids.of_pii_event(state.index)), worker_.event_arena);
    const auto written = worker_.row_writer.write(event, Stream::kPii, state.index, outputs, rows_);
    if (written) return;
    if (const auto* large = std::get_if<TooLarge>(&written.error())) {
        append_size_violation(*large, state.index, source(), outputs, rows_);
    }
}

void RecordRows::add_bad(const EventState& state) {
    std::string row = bad_row_of(state);
    if (worker_.settings.hide_pii) {
        const Parameters& parameters = state.raw.parameters;
        row = concealed(std::move(row),
                        {.parameters = {parameters.begin(), parameters.end()},
                         .sender = state.raw.sender,
                         .event = &state.event()},
                        worker_.enrichments, worker_.event_arena);
    }
    add_bad(std::move(row), facts_of_failed(state.event(), state.failures, worker_.facts.texts),
            state.index);
}

std::string RecordRows::bad_row_of(const EventState& state) const {
    const FailedEvent failed{state.event(), state.raw, state.scope.payload};
    const StageFailures& failures = state.failures;
    if (!failures.violations.empty()) {
        return schema_violations(source(), failures.violations, failed);
    }
    return enrichment_failures(source(), failures.failures, failed);
}

// The bad row tells of an event whose failed event is too large.
void RecordRows::add_failed(const EventState& state) {
    static_cast<void>(worker_.row_writer.write(state.event(), Stream::kFailed, state.index,
                                               worker_.settings.outputs, rows_));
}

void RecordRows::add_unloadable(std::span<const LoadFailure> failures) {
    for (const LoadFailure& failure : failures) {
        add_bad(payload_format_violation(source(), failure, record_),
                facts_of_bad("collector_payload_format_violation"), 0);
    }
}

void RecordRows::add_unadaptable(const Payload& payload, std::span<const AdapterFailure> failures) {
    std::string row = adapter_failures(source(), failures, payload);
    if (worker_.settings.hide_pii) {
        row = concealed(
            std::move(row),
            {.parameters = payload.querystring, .sender = payload.sender, .body = payload.body},
            worker_.enrichments, worker_.arena);
    }
    const EventFacts facts =
        facts_of_bad(adapter_failures_type(payload), first_schema(failures, worker_.facts.texts));
    add_bad(std::move(row), facts, 0);
}

void RecordRows::be_generic_error(std::string_view error) {
    rows_.clear();
    worker_.facts.events.clear();
    worker_.facts.old_schemas.clear();
    worker_.facts.counters = {};
    bytes_ = counted_ = 0;
    add_bad(generic_error(error, record_, source()), facts_of_bad("generic_error"), 0);
}

void RecordRows::be_out_of_time(std::string_view error) {
    be_generic_error(error);
    for (Row& row : rows_) row.headers.push_back({kNotReproducibleHeader, "time"});
    worker_.facts.counters.add("enrich_records_out_of_time_total");
}

std::size_t RecordRows::bytes() {
    for (; counted_ < rows_.size(); ++counted_) bytes_ += bytes_of(rows_[counted_]);
    return bytes_;
}

bool RecordRows::is_full(std::size_t rows, std::size_t bytes) const {
    const RecordLimits& limits = worker_.settings.limits;
    return rows >= static_cast<std::size_t>(limits.rows) ||
           bytes >= static_cast<std::size_t>(limits.bytes);
}

// Events that asked were made after those behind them: what is beyond the limits is known only now.
std::uint32_t RecordRows::put_in_order(std::uint32_t events) {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const Row& a, const Row& b) { return a.index < b.index; });
    bytes_ = counted_ = 0;
    std::size_t kept = 0;
    for (; kept < rows_.size(); ++kept) {
        const bool is_next = kept > 0 && rows_[kept].index != rows_[kept - 1].index;
        if (is_next && is_full(kept, bytes_)) break;
        bytes_ += bytes_of(rows_[kept]);
        counted_ = kept + 1;
    }
    if (kept == rows_.size()) return events;
    const std::uint32_t cut = rows_[kept].index;
    rows_.resize(kept);
    std::erase_if(worker_.facts.events,
                  [&](const EventFacts& facts) { return facts.index >= cut; });
    return cut;
}

void RecordRows::add_left_out(std::uint32_t index, std::size_t left_out) {
    const RecordLimits& limits = worker_.settings.limits;
    append_left_out({.record = record_,
                     .events = left_out,
                     .of = index + left_out,
                     .rows = rows_.size(),
                     .bytes = bytes(),
                     .rows_max = static_cast<std::size_t>(limits.rows),
                     .bytes_max = static_cast<std::size_t>(limits.bytes),
                     .show_record = !worker_.settings.hide_pii},
                    index, source(), worker_.settings.outputs, rows_);
    add_facts(facts_of_bad("size_violation"), index);
    worker_.facts.counters.add("enrich_events_left_out_total", left_out);
}

void RecordRows::add_bad(std::string row, const EventFacts& facts, std::uint32_t index) {
    const Fits fits =
        append_bad_row(std::move(row), index, source(), worker_.settings.outputs, rows_);
    add_facts(fits == Fits::kYes ? facts : facts_of_too_large(facts), index);
}

void RecordRows::add_facts(EventFacts facts, std::uint32_t index) {
    facts.index = index;
    worker_.facts.events.push_back(facts);
}

}  // namespace snowline::enricher
