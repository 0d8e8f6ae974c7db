#pragma once

#include "enricher/outputs/outputs.h"
#include "enricher/outputs/settings.h"

namespace snowline::enricher {

/// The outputs that a configuration names in `output.good`, `bad`, `failed` and `pii`. Throws
/// std::runtime_error for a column that is none.
Outputs outputs_of(const OutputsSettings& settings);

}  // namespace snowline::enricher
