#include "enricher/pipeline/stages.h"

#include "enricher/event/column_lengths.h"
#include "enricher/pipeline/failure_contexts.h"
#include "enricher/pipeline/record_observer.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::string_view kContextsValidation = "enrichments-contexts-validation";
constexpr std::string_view kPiiReads = "contexts and the self-describing event";

/// Puts what fails into `state.failures`. Where it asks, nothing of what it did counts, and it will
/// be called again.
using Stage = Progress (*)(EventState& state);

RecordObserver* observer_of(const EventState& state) {
    return state.policy == Policy::kStop ? state.scope.worker.observer : nullptr;
}

void show_derived(EventState& state) {
    EnrichedEvent& event = state.event();
    event.clear(Field::kDerivedContexts);
    if (event.derived_contexts.empty()) return;
    event.set(Field::kDerivedContexts,
              contexts_text(event.derived_contexts, state.scope.worker.event_arena));
}

// A bad row shows the tracker's JSONs as they came.
void show_unchecked_in_bad_row(EventState& state) {
    if (state.policy == Policy::kStop && !state.failures.empty()) {
        show_unchecked(state.set_up, state.scope.worker.event_arena);
    }
}

Progress set_up(EventState& state) {
    const EventScope& scope = state.scope;
    json::Arena& arena = scope.worker.event_arena;
    RecordObserver* observer = observer_of(state);
    if (observer != nullptr) observer->begins();
    state.set_up = set_up_event(state.raw, scope.payload, scope.start, arena);
    if (!state.event().has(Field::kEventId)) {
        state.event().set(Field::kEventId, arena.copy(scope.ids.of_event(state.index)));
    }
    if (observer != nullptr) observer->set_up(state.raw, state.set_up);
    state.failures.failures = std::move(state.set_up.failures);
    show_unchecked_in_bad_row(state);
    return Progress::kDone;
}

Progress validate_entities(EventState& state) {
    const EventScope& scope = state.scope;
    json::Arena& arena = scope.worker.event_arena;
    RecordObserver* observer = observer_of(state);
    if (observer != nullptr) observer->begins();
    OldSchemas old_schemas(scope.worker.settings.old_schemas.get(), scope.now_ms);
    CheckedEntities checked =
        check_entities(state.set_up, scope.worker.schemas, std::move(old_schemas), arena);
    if (checked.asks) {
        if (observer != nullptr) observer->asks();
        return Progress::kAsks;
    }
    if (observer != nullptr) observer->entities_checked(state.set_up, checked);
    state.old_schemas = std::move(checked.old_schemas);
    state.event().derived_contexts = std::move(checked.validation_infos);
    state.failures.violations = std::move(checked.violations);
    state.failures.violations_of_contexts = checked.violations_of_contexts;
    show_unchecked_in_bad_row(state);
    return Progress::kDone;
}

Progress enrich(EventState& state) {
    const EventScope& scope = state.scope;
    const bool is_first_way = state.policy == Policy::kStop;
    state.work.emplace(Work{.raw = state.raw,
                            .event = state.event(),
                            .schemas = scope.worker.schemas,
                            .arena = scope.worker.event_arena,
                            .now_ms = scope.now_ms,
                            .charset = scope.payload.charset,
                            .times = is_first_way ? &scope.worker.facts.steps : nullptr,
                            .observer = observer_of(state)});
    state.failures.failures = run_steps(*state.work, scope.worker.enrichments);
    return Progress::kDone;
}

/// What the check of an event's derived contexts gave.
struct CheckedContexts {
    std::vector<EnrichmentFailure> failures;
    std::vector<std::size_t> failed;  // their places
    bool asks = false;                // a schema is not known yet: nothing of this counts
};

CheckedContexts check_contexts(std::span<const Entity> contexts, SchemaTable& schemas) {
    CheckedContexts out;
    for (std::size_t i = 0; i < contexts.size() && !schemas.is_over(); ++i) {
        auto checked = check(contexts[i], schemas);
        if (!checked) {
            out.asks = true;
        } else if (!*checked) {
            out.failed.push_back(i);
            out.failures.push_back({.enrichment = EnrichmentId{std::string(contexts[i].schema->uri),
                                                               std::string(kContextsValidation)},
                                    .message = std::move(checked->error())});
        }
    }
    return out;
}

// Contexts that do not conform leave the event; a bad row shows them.
Progress validate_derived(EventState& state) {
    show_derived(state);
    auto& contexts = state.event().derived_contexts;
    CheckedContexts checked;
    auto failures = observed_step({"derived_contexts"}, *state.work, [&] {
        checked = check_contexts(contexts, state.scope.worker.schemas);
        return std::move(checked.failures);
    });
    if (checked.asks) return Progress::kAsks;
    state.failures.failures = std::move(failures);
    for (std::size_t i = checked.failed.size(); i-- > 0;) {
        contexts.erase(contexts.begin() + static_cast<std::ptrdiff_t>(checked.failed[i]));
    }
    return Progress::kDone;
}

void apply_all(EnrichmentKind kind, std::string_view reads_besides, EventState& state) {
    const StepFacts facts{.name = name_of(kind), .reads_besides = reads_besides};
    for (const auto& enrichment : state.scope.worker.enrichments[kind]) {
        observed_step(facts, *state.work, [&] {
            apply(kind, *enrichment, *state.work);
            return std::vector<EnrichmentFailure>();
        });
    }
}

// After all others, which saw the true values. They never fail.
Progress hide_persons(EventState& state) {
    apply_all(EnrichmentKind::kAnonIp, {}, state);
    apply_all(EnrichmentKind::kPiiPseudonymization, kPiiReads, state);
    return Progress::kDone;
}

Progress check_column_lengths(EventState& state) {
    auto failures = observed_step({"column_lengths", "all columns"}, *state.work,
                                  [&] { return check_lengths(state.event()); });
    if (state.policy == Policy::kStrip) {
        clear_too_long(state.event());
    } else if (!failures.empty() && state.scope.worker.settings.accept_invalid) {
        failures.clear();
        state.is_accepted = true;
    }
    state.failures.failures = std::move(failures);
    return Progress::kDone;
}

// What runs for every event, in the reference's order. The steps of `enrich` are in
// enrich/steps.cpp.
struct NamedStage {
    Stage run;
    std::string_view name;
};
constexpr NamedStage kStages[] = {
    {set_up, "the event's parameters"},
    {validate_entities, "the schemas of its contexts and its self-describing event"},
    {enrich, "the enrichments"},
    {validate_derived, "the schemas of its derived contexts"},
    {hide_persons, "the pii enrichment"},
    {check_column_lengths, "the lengths of its columns"},
};

// Takes what failed at a stage over into contexts.
void tell(EventState& state) {
    const Worker& worker = state.scope.worker;
    const FailureContexts contexts{
        .component = worker.settings.processor,
        .now_ms = state.scope.now_ms,
        .schemas = state.scope.worker.schemas,
        .arena = state.scope.worker.event_arena,
        .values = worker.settings.hide_pii ? Values::kHidden : Values::kShown};
    const auto add = [&](std::vector<Entity> found) {
        state.told.insert(state.told.end(), found.begin(), found.end());
    };
    add(contexts.of(state.failures.violations, state.failures.violations_of_contexts));
    add(contexts.of(state.failures.failures));
    state.failures = {};
}

}  // namespace

std::string_view stage_name(const EventState& state) {
    return kStages[std::min(state.stage, std::size(kStages) - 1)].name;
}

Progress run_stages(EventState& state) {
    for (; state.stage < std::size(kStages); ++state.stage) {
        if (kStages[state.stage].run(state) == Progress::kAsks) return Progress::kAsks;
        if (state.scope.work.is_over()) return Progress::kDone;  // at this stage
        if (state.fault() != nullptr) return Progress::kDone;
        if (state.failures.empty()) continue;
        if (state.policy == Policy::kStop) return Progress::kDone;
        tell(state);
    }
    if (state.policy == Policy::kStop) return Progress::kDone;
    auto& derived = state.event().derived_contexts;
    derived.insert(derived.end(), state.told.begin(), state.told.end());
    show_derived(state);
    return Progress::kDone;
}

}  // namespace snowline::enricher
