#pragma once

#include "enricher/event/convert.h"

namespace snowline::enricher {

/// A decimal number as java.math.BigDecimal reads and prints it, whole where its scale would be
/// negative (`1e3` is `1000`); `null` is none. Numbers of more than 10,000 digits are refused.
Converted convert_decimal(std::string_view text, json::Arena& arena);

}  // namespace snowline::enricher
