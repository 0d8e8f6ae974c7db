#include "common/json/parse.h"
#include "enricher/enrich/enrichment_config.h"
#include "iglu/self_describing.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using Errors = std::vector<std::string>;

// One line each: kind, vendor and name of the configuration's schema, model, function.
constexpr std::array<EnrichmentFactory, 0> kFactories{};

}  // namespace

std::span<const EnrichmentFactory> enrichment_factories() {
    return kFactories;
}

Result<void, Errors> add_enrichment(std::string_view text, AssetSource& assets, Enrichments& out) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    if (!parsed) return unexpected(Errors{"is no JSON: " + parsed.error().message});
    const auto config = iglu::SelfDescribingData::parse(*parsed);
    if (!config) {
        return unexpected(
            Errors{fmt::format("is no self-describing JSON: {}", iglu::name_of(config.error()))});
    }
    const json::Value* enabled = config->data.find("enabled");
    if (enabled == nullptr || !enabled->is_boolean()) {
        return unexpected(Errors{"data.enabled must be true or false"});
    }
    for (const EnrichmentFactory& factory : enrichment_factories()) {
        if (factory.vendor != config->schema.vendor || factory.name != config->schema.name ||
            factory.model != config->schema.version.model) {
            continue;
        }
        if (!enabled->is_true()) return {};
        const json::Value* parameters = config->data.find("parameters");
        auto made = factory.make({.schema = config->schema,
                                  .parameters = parameters ? *parameters : json::Value::null(),
                                  .data = config->data,
                                  .assets = assets});
        if (!made) return unexpected(std::move(made.error()));
        out[factory.kind].push_back(std::move(*made));
        return {};
    }
    if (!enabled->is_true()) return {};
    return unexpected(Errors{fmt::format(
        "no enrichment of this version of Snowline is configured by {}", config->schema.to_uri())});
}

}  // namespace snowline::enricher
