#pragma once

#include "common/ops/stop_signals.h"
#include "enricher/app/settings.h"
#include "enricher/engine/engine.h"

namespace snowline::enricher {

/// Runs the engine until a stop signal, then commits what has begun. While the log cannot be
/// reached, before the first contact or later, it retries; a log that refuses access, or another
/// process that takes over, ends the service. Returns the exit code; throws std::runtime_error
/// where the admin port cannot be bound. `settings` must be the engine's.
int serve(Engine& engine, const Settings& settings, ops::StopSignals& signals);

}  // namespace snowline::enricher
