#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snowline::enricher {

/// The configurable enrichments; their order is in steps.cpp. Add a new one before the last, with
/// its name in enrichment_kind.cpp.
enum class EnrichmentKind : std::uint8_t {
    kIab,
    kUserAgentUtils,
    kUaParser,
    kCurrencyConversion,
    kRefererParser,
    kCampaignAttribution,
    kEventFingerprint,
    kCookieExtractor,
    kHttpHeaderExtractor,
    kWeather,
    kYauaa,
    kIpLookups,
    kJavascript,
    kSqlQuery,
    kApiRequest,
    kAnonIp,
    kPiiPseudonymization,
};
inline constexpr std::size_t kEnrichmentKinds =
    static_cast<std::size_t>(EnrichmentKind::kPiiPseudonymization) + 1;

/// Its name in metrics and in `--explain`: `ip_lookups`.
std::string_view name_of(EnrichmentKind kind);

}  // namespace snowline::enricher
