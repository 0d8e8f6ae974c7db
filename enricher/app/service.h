#pragma once

#include "common/ops/stop_signals.h"
#include "enricher/app/settings.h"
#include "enricher/enrich/enrichment.h"
#include "iglu/resolve/resolver_config.h"

namespace snowline::enricher {

/// Enriches until a stop signal comes, then commits what has begun. A log that cannot be reached is
/// waited for, before the first contact as well as later; one that refuses us, or another process
/// in our place, ends the service. Returns the exit code; throws std::runtime_error for what is
/// wrong with the configuration.
int serve(const Settings& settings, const iglu::ResolverConfig& registries,
          const Enrichments& enrichments, ops::StopSignals& signals);

}  // namespace snowline::enricher
