#pragma once

#include "enricher/pipeline/record_observer.h"

#include <span>
#include <vector>

namespace snowline::test {

/// Counts what is done for records.
class RecordCounter : public enricher::RecordObserver {
public:
    int loads = 0, events_set_up = 0, steps = 0, asked = 0;

    void begins() override {}
    void loaded(const Result<enricher::Payload, std::vector<enricher::LoadFailure>>&) override {
        ++loads;
    }
    void adapted(const enricher::Payload&, const enricher::Adapted&) override {}
    void set_up(const enricher::RawEvent&, const enricher::EventSetUp&) override {
        ++events_set_up;
    }
    void entities_checked(const enricher::EventSetUp&, const enricher::CheckedEntities&) override {}
    void step_begins(enricher::Work&) override {}
    void step_ended(const enricher::StepFacts&, enricher::Work&,
                    std::span<const enricher::EnrichmentFailure>) override {
        ++steps;
    }
    void looked_up(const enricher::Schema&, const iglu::Lookup&) override {}
    void checked(const enricher::Entity&, const enricher::SchemaFailure*) override {}
    void asks() override { ++asked; }
    void rows_made(std::span<const enricher::Row>, const enricher::Outputs&) override {}
};

}  // namespace snowline::test
