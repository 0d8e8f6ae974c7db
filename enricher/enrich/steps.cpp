#include "enricher/enrich/always.h"
#include "enricher/enrich/cross_navigation.h"
#include "enricher/enrich/enrichment.h"

#include <chrono>
#include <iterator>

namespace snowline::enricher {
namespace {

/// One step: a function that always runs, or what is configured of a kind.
struct Step {
    void (*always)(Work&) = nullptr;
    EnrichmentKind kind{};
};

constexpr Step always(void (*function)(Work&)) {
    return {.always = function};
}
constexpr Step configured(EnrichmentKind kind) {
    return {.kind = kind};
}

// The order of the reference: later steps see what earlier ones found out.
constexpr Step kSteps[] = {
    always(check_collector_version),
    always(set_page_uri),
    always(set_derived_timestamp),
    configured(EnrichmentKind::kIab),
    configured(EnrichmentKind::kUserAgentUtils),
    configured(EnrichmentKind::kUaParser),
    configured(EnrichmentKind::kCurrencyConversion),
    always(set_referrer_uri),
    configured(EnrichmentKind::kRefererParser),
    always(read_page_parameters),
    configured(EnrichmentKind::kCampaignAttribution),
    always(cross_navigation),
    configured(EnrichmentKind::kEventFingerprint),
    configured(EnrichmentKind::kCookieExtractor),
    configured(EnrichmentKind::kHttpHeaderExtractor),
    configured(EnrichmentKind::kWeather),
    configured(EnrichmentKind::kYauaa),
    always(set_event_schema),
    configured(EnrichmentKind::kIpLookups),
    configured(EnrichmentKind::kJavascript),
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
        // Both lists show the last step first; within a step, the order of finding.
        prepend(work.contexts, work.event.derived_contexts);
        prepend(work.failures, failures);
    };
    for (const Step& step : kSteps) {
        if (work.fault) break;
        if (step.always != nullptr) {
            step.always(work);
            keep();
            continue;
        }
        for (const auto& enrichment : enrichments[step.kind]) {
            apply(step.kind, *enrichment, work);
            keep();
        }
    }
    return failures;
}

}  // namespace snowline::enricher
