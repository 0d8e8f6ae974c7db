#include "enricher/enrich/enrichment_kind.h"

#include <array>

namespace snowline::enricher {

std::string_view name_of(EnrichmentKind kind) {
    static constexpr std::array<std::string_view, kEnrichmentKinds> kNames{
        "iab",
        "user_agent_utils",
        "ua_parser",
        "currency_conversion",
        "referer_parser",
        "campaign_attribution",
        "event_fingerprint",
        "cookie_extractor",
        "http_header_extractor",
        "weather",
        "yauaa",
        "ip_lookups",
        "javascript",
        "sql_query",
        "api_request",
        "anon_ip",
        "pii_pseudonymization",
    };
    static_assert(!kNames.back().empty(), "each kind has a name");
    return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace snowline::enricher
