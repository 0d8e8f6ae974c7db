#pragma once

#include "enricher/pipeline/record_observer.h"
#include "iglu/resolve/schema_cache.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::cli {

/// One step of a record's processing, as an Explainer observed it.
struct ExplainedStep {
    struct Named {
        std::string name;
        std::optional<std::string> value;  // nullopt: absent
    };
    struct Change {
        std::string name;
        std::optional<std::string> before, after;
    };
    struct Context {
        std::string schema;
        std::string data;  // JSON
    };

    std::string_view kind;  // load adapt set_up entities schema lookup enrichment rows
    std::string name;       // of the schema or the enrichment
    std::optional<std::size_t> event = {};  // of the request, from 0; nullopt: the whole request
    std::size_t depth = 0;  // above 0: a part of the preceding step with a lower depth
    std::chrono::nanoseconds took{};
    std::vector<Named> read = {};
    std::vector<Change> set = {};          // columns; for load and adapt: their results
    std::vector<Context> contexts = {};    // added ones
    std::vector<std::string> failed = {};  // JSON, as bad rows have it
};

struct Explanation {
    std::vector<ExplainedStep> steps;  // in the order in which they began
    std::size_t events = 0;
    std::chrono::nanoseconds took{};
};

/// Observes the processing of one record. Times include cold caches, except for what the worker did
/// before.
class Explainer final : public enricher::RecordObserver {
public:
    /// The cache knows which registry a schema came from; it must outlive the explainer.
    explicit Explainer(iglu::SchemaCache& schemas);

    Explanation take() { return std::move(out_); }

    void begins() override;
    void loaded(
        const Result<enricher::Payload, std::vector<enricher::LoadFailure>>& payload) override;
    void adapted(const enricher::Payload& payload, const enricher::Adapted& events) override;
    void set_up(const enricher::RawEvent& raw, const enricher::EventSetUp& set_up) override;
    void entities_checked(const enricher::EventSetUp& set_up,
                          const enricher::CheckedEntities& checked) override;
    void step_begins(enricher::Work& work) override;
    void step_ended(const enricher::StepFacts& step, enricher::Work& work,
                    std::span<const enricher::EnrichmentFailure> failures) override;
    void looked_up(const enricher::Schema& schema, const iglu::Lookup& answer) override;
    void checked(const enricher::Entity& entity, const enricher::SchemaFailure* failure) override;
    void asks() override;
    void rows_made(std::span<const enricher::Row> rows, const enricher::Outputs& outputs) override;

private:
    using Clock = std::chrono::steady_clock;
    struct Open {
        std::size_t step;  // in out_.steps
        Clock::time_point since;
    };

    ExplainedStep& end(std::string_view kind, std::string name = {});

    iglu::SchemaCache& schemas_;
    Explanation out_;
    std::vector<Open> open_;
    std::optional<std::size_t> event_;
    std::size_t next_event_ = 0;
    Clock::time_point since_ = Clock::now();

    // The state before the current step.
    enricher::EnrichedEvent before_;
    std::vector<enricher::Entity> contexts_before_;
    enricher::FieldSet reads_;
};

}  // namespace snowline::cli
