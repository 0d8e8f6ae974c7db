#pragma once

#include "common/ops/stop_signals.h"
#include "enricher/app/settings.h"
#include "enricher/engine/engine.h"

namespace snowline::enricher {

/// Enriches until a stop signal comes, then commits what has begun. A log that cannot be reached is
/// waited for, before the first contact as well as later; one that refuses us, or another process
/// in our place, ends the service. Returns the exit code; throws std::runtime_error where the
/// private port cannot be had. `settings` are the engine's.
int serve(Engine& engine, const Settings& settings, ops::StopSignals& signals);

}  // namespace snowline::enricher
