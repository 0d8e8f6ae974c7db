#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "enricher/enrich/enrichments.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::string_view kSnowplow = "com.snowplowanalytics.snowplow";
constexpr std::string_view kNewer = "com.snowplowanalytics.snowplow.enrichments";

/// The vendor of configurations that the reference's schemas cannot express.
constexpr std::string_view kOwn = "io.snowline";

using Kind = EnrichmentKind;

/// One line for each enrichment. Those without a function are recognised, but not implemented.
constexpr std::array kFactories{
    EnrichmentFactory{Kind::kAnonIp, kSnowplow, "anon_ip", 1, make_anon_ip},
    EnrichmentFactory{Kind::kApiRequest, kNewer, "api_request_enrichment_config", 1, nullptr},
    EnrichmentFactory{Kind::kCampaignAttribution, kSnowplow, "campaign_attribution", 1,
                      make_campaign_attribution},
    EnrichmentFactory{Kind::kCookieExtractor, kSnowplow, "cookie_extractor_config", 1,
                      make_cookie_extractor},
    EnrichmentFactory{Kind::kCurrencyConversion, kSnowplow, "currency_conversion_config", 1,
                      nullptr},
    EnrichmentFactory{Kind::kEventFingerprint, kSnowplow, "event_fingerprint_config", 1,
                      make_event_fingerprint},
    EnrichmentFactory{Kind::kHttpHeaderExtractor, kNewer, "http_header_extractor_config", 1,
                      make_http_header_extractor},
    EnrichmentFactory{Kind::kIab, kNewer, "iab_spiders_and_robots_enrichment", 1, make_iab},
    EnrichmentFactory{Kind::kIpLookups, kSnowplow, "ip_lookups", 2, make_ip_lookups},
    EnrichmentFactory{Kind::kJavascript, kSnowplow, "javascript_script_config", 1, nullptr},
    EnrichmentFactory{Kind::kPiiPseudonymization, kNewer, "pii_enrichment_config", 2,
                      make_pii_pseudonymization},
    EnrichmentFactory{Kind::kPiiPseudonymization, kOwn, "pii_enrichment_config", 1,
                      make_pii_pseudonymization},
    EnrichmentFactory{Kind::kRefererParser, kSnowplow, "referer_parser", 2, make_referer_parser},
    EnrichmentFactory{Kind::kSqlQuery, kNewer, "sql_query_enrichment_config", 1, nullptr},
    EnrichmentFactory{Kind::kUaParser, kSnowplow, "ua_parser_config", 1, make_ua_parser},
    EnrichmentFactory{Kind::kUserAgentUtils, kSnowplow, "user_agent_utils_config", 1, nullptr},
    EnrichmentFactory{Kind::kWeather, kNewer, "weather_enrichment_config", 1, nullptr},
    EnrichmentFactory{Kind::kYauaa, kNewer, "yauaa_enrichment_config", 1, nullptr},
};

using Errors = std::vector<std::string>;

Errors one(std::string error) {
    return {std::move(error)};
}

}  // namespace

std::span<const EnrichmentFactory> enrichment_factories() {
    return kFactories;
}

Enrichments Enrichments::clone() const {
    Enrichments out;
    for (std::size_t kind = 0; kind < of.size(); ++kind) {
        for (const auto& enrichment : of[kind]) out.of[kind].push_back(enrichment->clone());
    }
    return out;
}

Result<void, Errors> add_enrichment(std::string_view text, AssetSource& assets, Enrichments& out) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    if (!parsed) return unexpected(one("invalid JSON: " + parsed.error().message));
    return add_enrichment(*parsed, assets, out);
}

Result<void, Errors> add_enrichment(json::Value json, AssetSource& assets, Enrichments& out) {
    const auto config = model::SelfDescribingData::parse(json);
    if (!config) {
        return unexpected(one(fmt::format("not a self-describing JSON, schema and data ({})",
                                          name_of(config.error()))));
    }
    const json::Value* enabled = config->data.find("enabled");
    if (enabled == nullptr || !enabled->is_boolean()) {
        return unexpected(one("data.enabled: true or false is needed"));
    }
    if (!enabled->is_true()) return {};

    const model::SchemaKey& schema = config->schema;
    const auto factory = std::find_if(kFactories.begin(), kFactories.end(), [&](const auto& f) {
        return f.vendor == schema.vendor && f.name == schema.name;
    });
    if (factory == kFactories.end()) {
        return unexpected(one(fmt::format("{} is no enrichment's schema", schema.to_uri())));
    }
    if (factory->make == nullptr) {
        return unexpected(one(fmt::format("enrichment {} is not supported yet", schema.name)));
    }
    if (factory->model != schema.version.model) {
        return unexpected(
            one(fmt::format("enrichment {}: version {} is not supported; {}-*-* is", schema.name,
                            schema.version.to_string(), factory->model)));
    }
    auto& same = out[factory->kind];
    if (!same.empty()) {
        return unexpected(one(fmt::format("enrichment {} is configured twice", schema.name)));
    }
    const json::Value* parameters = config->data.find("parameters");
    auto made =
        factory->make({.schema = schema,
                       .parameters = parameters != nullptr ? *parameters : json::Value::object({}),
                       .data = config->data,
                       .assets = assets});
    if (!made) return unexpected(made.error());
    same.push_back(std::move(*made));
    return {};
}

}  // namespace snowline::enricher
