#pragma once

#include "enricher/outputs/bad_row.h"
#include "enricher/outputs/outputs.h"
#include "enricher/outputs/row.h"

#include <vector>

namespace snowline::enricher {

/// The header that names the output whose row a bad row is.
inline constexpr const char* kParkedHeader = "snowline-parked";

/// The rows, but those of outputs that are parked as bad rows: a generic_error whose payload is the
/// row, or a size_violation where that is too large. Where there is no output of bad rows they stay
/// as they are.
std::vector<Row> with_parked(std::vector<Row> rows, const BadRowSource& source,
                             const Outputs& outputs);

}  // namespace snowline::enricher
