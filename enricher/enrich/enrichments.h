#pragma once

#include "enricher/enrich/enrichment_config.h"

/// The enrichments that are built in: each is made of its configuration by one function, which is
/// in the file of its name and has its line in enrichment_factories.cpp.
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
