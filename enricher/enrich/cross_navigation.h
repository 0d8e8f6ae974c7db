#pragma once

#include "enricher/enrich/enrichment.h"

namespace snowline::enricher {

/// Fills refr_domain_userid and refr_dvce_tstamp from the parameter `_sp` of the page's
/// querystring, as the trackers' link decoration writes it: `<domain_userid>.<milliseconds>`.
/// Always runs.
void cross_navigation(Work& work);

}  // namespace snowline::enricher
