#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snowline::enricher {

/// The enrichments that can be configured, in no order: the order is in steps.cpp.
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
inline constexpr std::size_t kEnrichmentKinds = 17;

/// Its name in metrics and in `--explain`: `ip_lookups`.
std::string_view name_of(EnrichmentKind kind);

}  // namespace snowline::enricher
