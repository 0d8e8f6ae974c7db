#pragma once

#include "enricher/event/convert.h"

namespace snowline::enricher {

/// A decimal number as java.math.BigDecimal reads and prints it, whole where its scale would be
/// negative (`1e3` is `1000`); `null` is none. Numbers of more than 10,000 digits are refused.
Converted convert_decimal(std::string_view text, json::Arena& arena);

/// A JSON number as java.math.BigDecimal and BigInteger print it: `1e3` is `1E+3`, `1.50e2` is
/// `150`, `-0` is `0`; whole numbers stay as they are. What they cannot hold stays, too.
std::string_view respell_number(std::string_view number, json::Arena& arena);

}  // namespace snowline::enricher
