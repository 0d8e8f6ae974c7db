#include "enricher/pipeline/tally.h"

#include "common/text/utf8.h"

namespace snowline::enricher {
namespace {

constexpr std::size_t kNameBytesMax = 128;

template <class T>
T& counter(Tally::ByText<T>& counters, std::string_view name) {
    const auto found = counters.find(name);
    if (found != counters.end()) return found->second;
    return counters.emplace(std::string(name), T{}).first->second;
}

// What a tracker sent as app id, fit to be a label: names that look the same there are one.
Tally::Verdicts& app(Tally& tally, std::string_view id) {
    id = id.substr(0, kNameBytesMax);
    return text::is_utf8(id) ? counter(tally.apps, id)
                             : counter(tally.apps, text::to_valid_utf8(id));
}

Tally::ByText<std::uint64_t>& schemas_of(Tally& tally, std::string_view bad_type) {
    const auto found = tally.bad.find(bad_type);
    if (found != tally.bad.end()) return found->second;
    return tally.bad[std::string(bad_type)];
}

}  // namespace

void Tally::add(const RecordFacts& facts, std::span<const Row> rows) {
    for (const EventFacts& event : facts.events) {
        const auto verdict = static_cast<std::size_t>(event.verdict);
        ++events[verdict];
        ++app(*this, event.app_id)[verdict];
        if (event.verdict == Verdict::kGood) {
            ++counter(schemas, event.schema);
        } else {
            ++counter(schemas_of(*this, event.bad_type), event.schema);
        }
    }
    for (const OldSchemaUse& use : facts.old_schemas) {
        std::string name(use.schema);
        name += '\t';
        name += text::to_valid_utf8(use.app_id.substr(0, kNameBytesMax));
        ++counter(old_schemas, name);
    }
    counters.merge(facts.counters);
    for (const StepTime& step : facts.steps) {
        Enrichment& enrichment = enrichments[static_cast<std::size_t>(step.kind)];
        enrichment.seconds.add(std::chrono::duration<double>(step.time).count());
        enrichment.failures += step.failed ? 1 : 0;
    }
    for (const Row& row : rows) {
        Output& counts = output(row.output);
        ++counts.rows;
        counts.bytes += row.value.size();
    }
    if (facts.collected_ms && !facts.events.empty()) {
        collected.push_back({.at_ms = *facts.collected_ms, .events = facts.events.size()});
    }
}

Tally::Output& Tally::output(std::size_t index) {
    if (index >= outputs.size()) outputs.resize(index + 1);
    return outputs[index];
}

void Tally::merge(const Tally& other) {
    for (std::size_t i = 0; i < kVerdicts; ++i) events[i] += other.events[i];
    counters.merge(other.counters);
    for (std::size_t i = 0; i < other.outputs.size(); ++i) {
        Output& counts = output(i);
        counts.rows += other.outputs[i].rows;
        counts.bytes += other.outputs[i].bytes;
    }
    for (const auto& [app, verdicts] : other.apps) {
        Verdicts& ours = counter(apps, app);
        for (std::size_t i = 0; i < kVerdicts; ++i) ours[i] += verdicts[i];
    }
    for (const auto& [schema, count] : other.schemas) counter(schemas, schema) += count;
    for (const auto& [use, count] : other.old_schemas) counter(old_schemas, use) += count;
    for (const auto& [type, rows] : other.bad) {
        for (const auto& [schema, count] : rows) counter(schemas_of(*this, type), schema) += count;
    }
    for (std::size_t i = 0; i < kEnrichmentKinds; ++i) {
        enrichments[i].seconds.merge(other.enrichments[i].seconds);
        enrichments[i].failures += other.enrichments[i].failures;
    }
    collected.insert(collected.end(), other.collected.begin(), other.collected.end());
}

}  // namespace snowline::enricher
