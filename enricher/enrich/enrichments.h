#pragma once

#include "enricher/enrich/enrichment_config.h"

/// The factories of the built-in enrichments, each in the file of its name, registered in
/// enrichment_factories.cpp.
namespace snowline::enricher {

MadeEnrichment make_anon_ip(const EnrichmentConfig& config);
MadeEnrichment make_campaign_attribution(const EnrichmentConfig& config);
MadeEnrichment make_cookie_extractor(const EnrichmentConfig& config);
MadeEnrichment make_event_fingerprint(const EnrichmentConfig& config);
MadeEnrichment make_http_header_extractor(const EnrichmentConfig& config);
MadeEnrichment make_iab(const EnrichmentConfig& config);
MadeEnrichment make_ip_lookups(const EnrichmentConfig& config);
MadeEnrichment make_pii_pseudonymization(const EnrichmentConfig& config);
MadeEnrichment make_referer_parser(const EnrichmentConfig& config);
MadeEnrichment make_ua_parser(const EnrichmentConfig& config);

}  // namespace snowline::enricher
