#include "enricher/enrich/always.h"
#include "enricher/enrich/cross_navigation.h"
#include "enricher/enrich/enrichment.h"
#include "enricher/enrich/step_observer.h"

#include <chrono>
#include <iterator>

namespace snowline::enricher {
namespace {

/// One step: a function that always runs, or the configured enrichments of a kind.
struct Step {
    StepFacts facts;  // a configured one has the name of its kind
    void (*always)(Work&) = nullptr;
    EnrichmentKind kind{};
};

constexpr Step always(StepFacts facts, void (*function)(Work&)) {
    return {.facts = facts, .always = function};
}
constexpr Step configured(EnrichmentKind kind, std::string_view reads_besides = {}) {
    return {.facts = {.name = {}, .reads_besides = reads_besides}, .kind = kind};
}

constexpr std::string_view kPageParameters = "the page's querystring";
constexpr std::string_view kHeaders = "the request's headers";

// The reference's order: later steps read results of earlier ones.
constexpr Step kSteps[] = {
    always({"collector_version"}, check_collector_version),
    always({"page_uri", "the request's referrer"}, set_page_uri),
    always({"derived_timestamp"}, set_derived_timestamp),
    configured(EnrichmentKind::kIab),
    configured(EnrichmentKind::kUserAgentUtils),
    configured(EnrichmentKind::kUaParser),
    configured(EnrichmentKind::kCurrencyConversion),
    always({"referrer_uri"}, set_referrer_uri),
    configured(EnrichmentKind::kRefererParser, "the URIs of page and referrer"),
    always({"page_parameters", "the page's URI"}, read_page_parameters),
    configured(EnrichmentKind::kCampaignAttribution, kPageParameters),
    always({"cross_navigation", kPageParameters}, cross_navigation),
    configured(EnrichmentKind::kEventFingerprint, "the event's parameters"),
    configured(EnrichmentKind::kCookieExtractor, kHeaders),
    configured(EnrichmentKind::kHttpHeaderExtractor, kHeaders),
    configured(EnrichmentKind::kWeather),
    configured(EnrichmentKind::kYauaa, kHeaders),
    always({"event_schema", "the self-describing event"}, set_event_schema),
    configured(EnrichmentKind::kIpLookups),
    configured(EnrichmentKind::kJavascript, "the whole event"),
    configured(EnrichmentKind::kSqlQuery),
    configured(EnrichmentKind::kApiRequest),
};

template <class T>
void prepend(std::vector<T>& found, std::vector<T>& all) {
    if (found.empty()) return;
    all.insert(all.begin(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
    found.clear();
}

}  // namespace

void apply(EnrichmentKind kind, Enrichment& enrichment, Work& work) {
    if (work.times == nullptr) return enrichment.apply(work);
    const auto began = std::chrono::steady_clock::now();
    enrichment.apply(work);
    work.times->push_back({.kind = kind,
                           .time = std::chrono::steady_clock::now() - began,
                           .failed = !work.failures.empty()});
}

std::vector<EnrichmentFailure> run_steps(Work& work, Enrichments& enrichments) {
    std::vector<EnrichmentFailure> failures;
    const auto keep = [&] {
        // Both lists have the last step first, and within a step the order of finding.
        prepend(work.contexts, work.event.derived_contexts);
        prepend(work.failures, failures);
    };
    const auto run = [&](const StepFacts& facts, auto&& function) {
        observed_step(facts, work, [&] {
            function();
            return std::vector<EnrichmentFailure>();
        });
        keep();
    };
    for (const Step& step : kSteps) {
        if (work.fault) break;
        if (step.always != nullptr) {
            run(step.facts, [&] { step.always(work); });
            continue;
        }
        for (const auto& enrichment : enrichments[step.kind]) {
            run({.name = name_of(step.kind), .reads_besides = step.facts.reads_besides},
                [&] { apply(step.kind, *enrichment, work); });
        }
    }
    return failures;
}

}  // namespace snowline::enricher
