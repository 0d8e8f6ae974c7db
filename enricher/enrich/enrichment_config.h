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

/// What a factory reads: `data.parameters` of the configuration and, for failure messages and
/// some outputs, the whole self-describing JSON. Neither lives longer than the call.
struct EnrichmentConfig {
    const model::SchemaKey& schema;
    json::Value parameters;
    json::Value data;  // with `emitEvent` and the like
    AssetSource& assets;
};

/// Errors name the key and what is allowed.
using MadeEnrichment = Result<std::unique_ptr<Enrichment>, std::vector<std::string>>;

struct EnrichmentFactory {
    EnrichmentKind kind;
    std::string_view vendor, name;  // of the configuration's schema
    std::int32_t model;
    MadeEnrichment (*make)(const EnrichmentConfig&);
};

/// One line an enrichment that can be configured: enrichment_factories.cpp.
std::span<const EnrichmentFactory> enrichment_factories();

/// Reads one configuration, a self-describing JSON, into `out`; disabled ones are read and left
/// out. A configuration that no factory knows is an error, and so is a second one of a kind.
Result<void, std::vector<std::string>> add_enrichment(json::Value config, AssetSource& assets,
                                                      Enrichments& out);
/// The same, from a text.
Result<void, std::vector<std::string>> add_enrichment(std::string_view text, AssetSource& assets,
                                                      Enrichments& out);

}  // namespace snowline::enricher
