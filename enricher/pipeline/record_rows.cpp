#include "enricher/pipeline/record_rows.h"

#include "common/model/collector_bad_rows.h"
#include "common/text/base64.h"
#include "enricher/outputs/row_limit.h"
#include "enricher/pipeline/concealment.h"
#include "enricher/pipeline/event_facts.h"
#include "enricher/pipeline/failed_schema.h"
#include "enricher/pipeline/pii_event.h"

#include <utility>
#include <variant>

namespace snowline::enricher {

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
    const EventFacts facts = facts_of_good(event, worker_.arena);
    const auto written =
        worker_.row_writer.write(event, Stream::kGood, state.index, outputs, rows_);
    if (!written) {
        if (const auto* large = std::get_if<TooLarge>(&written.error())) {
            worker_.facts.events.push_back(facts_of_too_large(facts));
            return append_size_violation(*large, state.index, source(), outputs, rows_);
        }
        const std::string& why = std::get<Unwritable>(written.error()).error;
        return add_bad(generic_error(why, record_, source()), facts_of_bad("generic_error"),
                       state.index);
    }
    worker_.facts.events.push_back(facts);
    if (const auto& pii = state.work->pii) add_pii(state, *pii);
}

// The event is counted already: what becomes of this row does not change what it is.
void RecordRows::add_pii(const EventState& state, std::string_view transformation) {
    const Outputs& outputs = worker_.settings.outputs;
    if (outputs.of(Stream::kPii).empty()) return;
    const EnrichedEvent event =
        pii_event(state.event(), transformation,
                  worker_.arena.copy(state.scope.ids.of_pii_event(state.index)), worker_.arena);
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
                        worker_.enrichments, worker_.arena);
    }
    add_bad(std::move(row), facts_of_failed(state.event(), state.failures, worker_.arena),
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
        facts_of_bad(adapter_failures_type(payload), first_schema(failures, worker_.arena));
    add_bad(std::move(row), facts, 0);
}

void RecordRows::be_generic_error(std::string_view error) {
    rows_.clear();
    worker_.facts.events.clear();
    worker_.facts.old_schemas.clear();
    worker_.facts.counters = {};
    add_bad(generic_error(error, record_, source()), facts_of_bad("generic_error"), 0);
}

void RecordRows::add_bad(std::string row, const EventFacts& facts, std::uint32_t index) {
    const Fits fits =
        append_bad_row(std::move(row), index, source(), worker_.settings.outputs, rows_);
    worker_.facts.events.push_back(fits == Fits::kYes ? facts : facts_of_too_large(facts));
}

}  // namespace snowline::enricher
