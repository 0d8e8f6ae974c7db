#pragma once

#include "enricher/enrich/enrichment.h"

/// The steps without configuration, run for every event.
namespace snowline::enricher {

/// Fails the event without a collector's version.
void check_collector_version(Work& work);

/// `page_url` and its parts, from the column, else from the request's Referer.
void set_page_uri(Work& work);

/// `derived_tstamp`.
void set_derived_timestamp(Work& work);

/// The parts of `page_referrer`.
void set_referrer_uri(Work& work);

/// Parses the page's querystring for later steps.
void read_page_parameters(Work& work);

/// `event_vendor`, `event_name`, `event_format`, `event_version`.
void set_event_schema(Work& work);

}  // namespace snowline::enricher
