#pragma once

#include "common/ops/prometheus_text.h"
#include "enricher/metrics/metrics.h"
#include "iglu/resolve/schema_cache.h"

#include <string_view>

namespace snowline::enricher {

/// Writes the enricher's part of the metrics page, as docs/metrics.md lists it.
void write_metrics(const Totals& totals, const iglu::LookupCounts& lookups, std::string_view group,
                   ops::PrometheusText& text);

}  // namespace snowline::enricher
