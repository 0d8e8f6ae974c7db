#pragma once

#include "enricher/event/convert.h"

namespace snowline::enricher {

/// Parses a decimal number as java.math.BigDecimal does and prints it, as an integer where its
/// scale would be negative (`1e3` is `1000`); `null` gives null. Numbers of more than 10,000 digits
/// are refused.
Converted convert_decimal(std::string_view text, json::Arena& arena);

/// A JSON number as java.math.BigDecimal and BigInteger print it: `1e3` is `1E+3`, `1.50e2` is
/// `150`, `-0` is `0`; integers are unchanged, as are numbers out of range.
std::string_view respell_number(std::string_view number, json::Arena& arena);

}  // namespace snowline::enricher
