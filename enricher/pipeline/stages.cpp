#include "enricher/pipeline/stages.h"

#include "enricher/event/column_lengths.h"
#include "enricher/pipeline/failure_contexts.h"
#include "enricher/pipeline/record_observer.h"

#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::string_view kContextsValidation = "enrichments-contexts-validation";
constexpr std::string_view kPiiReads = "contexts and the self-describing event";

/// Puts what fails into `state.failures`.
using Stage = void (*)(EventState& state);

RecordObserver* observer_of(const EventState& state) {
    return state.policy == Policy::kStop ? state.scope.worker.observer : nullptr;
}

void show_derived(EventState& state) {
    EnrichedEvent& event = state.event();
    event.clear(Field::kDerivedContexts);
    if (event.derived_contexts.empty()) return;
    event.set(Field::kDerivedContexts,
              contexts_text(event.derived_contexts, state.scope.worker.arena));
}

// A bad row shows the tracker's JSONs as they came.
void show_unchecked_in_bad_row(EventState& state) {
    if (state.policy == Policy::kStop && !state.failures.empty()) {
        show_unchecked(state.set_up, state.scope.worker.arena);
    }
}

void set_up(EventState& state) {
    const EventScope& scope = state.scope;
    json::Arena& arena = scope.worker.arena;
    RecordObserver* observer = observer_of(state);
    if (observer != nullptr) observer->begins();
    state.set_up = set_up_event(state.raw, scope.payload, scope.start, arena);
    if (!state.event().has(Field::kEventId)) {
        state.event().set(Field::kEventId, arena.copy(scope.ids.of_event(state.index)));
    }
    if (observer != nullptr) observer->set_up(state.raw, state.set_up);
    state.failures.failures = std::move(state.set_up.failures);
    show_unchecked_in_bad_row(state);
}

void validate_entities(EventState& state) {
    const EventScope& scope = state.scope;
    json::Arena& arena = scope.worker.arena;
    RecordObserver* observer = observer_of(state);
    if (observer != nullptr) observer->begins();
    OldSchemas old_schemas(scope.worker.settings.old_schemas.get(), scope.now_ms);
    CheckedEntities checked =
        check_entities(state.set_up, scope.worker.schemas, std::move(old_schemas), arena);
    if (observer != nullptr) observer->entities_checked(state.set_up, checked);
    state.old_schemas = std::move(checked.old_schemas);
    state.event().derived_contexts = std::move(checked.validation_infos);
    state.failures.violations = std::move(checked.violations);
    state.failures.violations_of_contexts = checked.violations_of_contexts;
    show_unchecked_in_bad_row(state);
}

void enrich(EventState& state) {
    const EventScope& scope = state.scope;
    const bool is_first_way = state.policy == Policy::kStop;
    state.work.emplace(Work{.raw = state.raw,
                            .event = state.event(),
                            .schemas = scope.worker.schemas,
                            .arena = scope.worker.arena,
                            .now_ms = scope.now_ms,
                            .charset = scope.payload.charset,
                            .times = is_first_way ? &scope.worker.facts.steps : nullptr,
                            .observer = observer_of(state)});
    state.failures.failures = run_steps(*state.work, scope.worker.enrichments);
}

// Contexts that do not conform leave the event; a bad row shows them.
std::vector<EnrichmentFailure> check_derived(EventState& state) {
    std::vector<EnrichmentFailure> failures;
    std::erase_if(state.event().derived_contexts, [&](const Entity& context) {
        auto checked = check(context, state.scope.worker.schemas);
        if (checked) return false;
        failures.push_back({.enrichment = EnrichmentId{std::string(context.schema->uri),
                                                       std::string(kContextsValidation)},
                            .message = std::move(checked.error())});
        return true;
    });
    return failures;
}

void validate_derived(EventState& state) {
    show_derived(state);
    state.failures.failures =
        observed_step({"derived_contexts"}, *state.work, [&] { return check_derived(state); });
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
void hide_persons(EventState& state) {
    apply_all(EnrichmentKind::kAnonIp, {}, state);
    apply_all(EnrichmentKind::kPiiPseudonymization, kPiiReads, state);
}

void check_column_lengths(EventState& state) {
    auto failures = observed_step({"column_lengths", "all columns"}, *state.work,
                                  [&] { return check_lengths(state.event()); });
    if (state.policy == Policy::kStrip) {
        clear_too_long(state.event());
    } else if (!failures.empty() && state.scope.worker.settings.accept_invalid) {
        failures.clear();
        state.is_accepted = true;
    }
    state.failures.failures = std::move(failures);
}

// What runs for every event, in the reference's order. The steps of `enrich` are in
// enrich/steps.cpp.
constexpr Stage kStages[] = {
    set_up, validate_entities, enrich, validate_derived, hide_persons, check_column_lengths,
};

// Takes what failed at a stage over into contexts.
void tell(EventState& state) {
    const Worker& worker = state.scope.worker;
    const FailureContexts contexts{
        .component = worker.settings.processor,
        .now_ms = state.scope.now_ms,
        .schemas = state.scope.worker.schemas,
        .arena = state.scope.worker.arena,
        .values = worker.settings.hide_pii ? Values::kHidden : Values::kShown};
    const auto add = [&](std::vector<Entity> found) {
        state.told.insert(state.told.end(), found.begin(), found.end());
    };
    add(contexts.of(state.failures.violations, state.failures.violations_of_contexts));
    add(contexts.of(state.failures.failures));
    state.failures = {};
}

}  // namespace

void run_stages(EventState& state) {
    for (const Stage stage : kStages) {
        stage(state);
        if (state.fault() != nullptr) return;
        if (state.failures.empty()) continue;
        if (state.policy == Policy::kStop) return;
        tell(state);
    }
    if (state.policy == Policy::kStop) return;
    auto& derived = state.event().derived_contexts;
    derived.insert(derived.end(), state.told.begin(), state.told.end());
    show_derived(state);
}

}  // namespace snowline::enricher
