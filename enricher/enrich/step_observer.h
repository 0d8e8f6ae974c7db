#pragma once

#include "enricher/enrich/enrichment.h"

#include <span>
#include <vector>

namespace snowline::enricher {

/// Is told what the steps of the enrichment do. What is given lives as long as the call.
class StepObserver {
public:
    virtual ~StepObserver() = default;

    /// Begins a step of the enrichment; it may ask the event to note what is read.
    virtual void step_begins(Work& work) = 0;
    /// Before its contexts and failures join those of the steps before.
    virtual void step_ended(const StepFacts& step, Work& work,
                            std::span<const EnrichmentFailure> failures) = 0;
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
