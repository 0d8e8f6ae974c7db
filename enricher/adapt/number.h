#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <optional>
#include <string_view>

/// Parses and prints vendors' numbers as the JVM does.
namespace snowline::enricher {

/// java.lang.Double.parseDouble, without its hexadecimal form.
std::optional<double> parse_double(std::string_view text);

/// A decimal number rounded to two decimals, half to even.
std::optional<double> parse_two_decimals(std::string_view text);

/// Written as by java.lang.Double.toString: `35.0`, `0.001`, `1.0E-4`. null where it is not finite.
json::Value double_json(double number, json::Arena& arena);

}  // namespace snowline::enricher
