#pragma once

#include "common/json/value.h"
#include "common/result.h"
#include "enricher/enrich/assets/asset_source.h"
#include "enricher/enrich/enrichment.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// A factory's input: `data.parameters` of the configuration and, for failure messages and some
/// outputs, all of `data`. Valid during the call only.
struct EnrichmentConfig {
    const model::SchemaKey& schema;
    json::Value parameters;
    json::Value data;  // with `emitEvent` and the like
    AssetSource& assets;
};

/// Errors name the key and the allowed values.
using MadeEnrichment = Result<std::unique_ptr<Enrichment>, std::vector<std::string>>;

struct EnrichmentFactory {
    EnrichmentKind kind;
    std::string_view vendor, name;  // of the configuration's schema
    std::int32_t model;
    MadeEnrichment (*make)(const EnrichmentConfig&);
};

/// All enrichments that can be configured, one line each in enrichment_factories.cpp.
std::span<const EnrichmentFactory> enrichment_factories();

/// Reads one configuration, a self-describing JSON, into `out`; disabled ones are checked and left
/// out. Errors: no factory for the configuration, or a second one of its kind.
Result<void, std::vector<std::string>> add_enrichment(json::Value config, AssetSource& assets,
                                                      Enrichments& out);
/// The same, from a text.
Result<void, std::vector<std::string>> add_enrichment(std::string_view text, AssetSource& assets,
                                                      Enrichments& out);

}  // namespace snowline::enricher
