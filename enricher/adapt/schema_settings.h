#pragma once

#include "common/config/values.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

/// The configuration's `adaptersSchemas`: other schemas for the events of webhooks.
namespace snowline::enricher {

struct SchemaTextHash : std::hash<std::string_view> {
    using is_transparent = void;
};

/// The replacing Iglu URIs by our own ones.
using SchemaReplacements =
    std::unordered_map<std::string, std::string, SchemaTextHash, std::equal_to<>>;

/// Our URI that the key `adaptersSchemas.<adapter>.<event>` replaces; nullopt for an unknown key.
std::optional<std::string_view> replaceable_schema(std::string_view adapter,
                                                   std::string_view event);

/// Key `adaptersSchemas`: schema keys that replace a webhook's own: adapter, then event type and
/// key.
using AdaptersSchemas = std::vector<std::pair<std::string, config::StringMap>>;

/// Reads the section `adaptersSchemas`.
void read_adapters_schemas(const config::Reader& section, AdaptersSchemas& settings);

SchemaReplacements replacements_of(const AdaptersSchemas& settings);

}  // namespace snowline::enricher
