#pragma once

#include "enricher/enrich/enrichment.h"

#include <span>
#include <vector>

namespace snowline::enricher {

/// Notified of the steps of an enrichment. Arguments are valid during the call only.
class StepObserver {
public:
    virtual ~StepObserver() = default;

    /// Called before a step; it may call `event.note_reads`.
    virtual void step_begins(Work& work) = 0;
    /// Called after a step, before its contexts and failures join those of earlier steps.
    virtual void step_ended(const StepFacts& step, Work& work,
                            std::span<const EnrichmentFailure> failures) = 0;
};

/// Runs a step and notifies the work's observer. `function` returns the failures that are not in
/// `work.failures`.
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
