#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/event/entities.h"
#include "enricher/event/set_up.h"
#include "enricher/load/failure.h"
#include "enricher/load/payload.h"
#include "enricher/outputs/outputs.h"
#include "enricher/outputs/row.h"
#include "iglu/resolve/lookup.h"

#include <span>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Is told how a record becomes rows, step by step: `snowline enrich --explain` is one. A worker
/// without one pays a comparison a step. Calls nest: each of those in the past tense ends what the
/// last open `begins` began. The core has no clock; whoever wants times takes them in these calls.
/// What is given lives as long as the call. The way of an event to its failed event is not told.
class RecordObserver {
public:
    virtual ~RecordObserver() = default;

    virtual void begins() = 0;

    virtual void loaded(const Result<Payload, std::vector<LoadFailure>>& payload) = 0;
    virtual void adapted(const Payload& payload, const Adapted& events) = 0;

    // For each event of the request.
    virtual void set_up(const RawEvent& raw, const EventSetUp& set_up) = 0;
    virtual void entities_checked(const EventSetUp& set_up, const CheckedEntities& checked) = 0;
    /// Begins a step of the enrichment; it may ask the event to note what is read.
    virtual void step_begins(Work& work) = 0;
    /// Before its contexts and failures join those of the steps before.
    virtual void step_ended(const StepFacts& step, Work& work,
                            std::span<const EnrichmentFailure> failures) = 0;

    // Inside of any of those above.
    virtual void looked_up(const Schema& schema, const iglu::Lookup& answer) = 0;
    virtual void checked(const Entity& entity, const SchemaFailure* failure) = 0;  // none: conforms

    /// Ends what was begun last: an answer is not known yet. The stage will be told once more.
    virtual void asks() = 0;

    /// All of the record.
    virtual void rows_made(std::span<const Row> rows, const Outputs& outputs) = 0;
};

/// Runs a step of the enrichment, and tells the work's observer. The function returns the failures
/// that are not in `work.failures`.
template <class Function>
std::vector<EnrichmentFailure> observed_step(const StepFacts& step, Work& work,
                                             Function&& function) {
    if (work.observer == nullptr) return function();
    work.observer->step_begins(work);
    auto failures = function();
    work.observer->step_ended(step, work, failures.empty() ? work.failures : failures);
    return failures;
}

}  // namespace snowline::enricher
