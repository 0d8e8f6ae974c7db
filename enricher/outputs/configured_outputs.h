#pragma once

#include "enricher/app/settings.h"
#include "enricher/outputs/outputs.h"

namespace snowline::enricher {

/// The outputs that a configuration names in `output.good`, `bad`, `failed` and `pii`. Throws
/// std::runtime_error for a column that is none.
Outputs outputs_of(const Settings& settings);

}  // namespace snowline::enricher
