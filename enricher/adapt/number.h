#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <optional>
#include <string_view>

/// Numbers of vendors as the reference's platform reads and writes them.
namespace snowline::enricher {

/// java.lang.Double.parseDouble, without its hexadecimal form.
std::optional<double> parse_double(std::string_view text);

/// A number of two decimals, of the text of a decimal number, rounded half to even.
std::optional<double> parse_two_decimals(std::string_view text);

/// Written as java.lang.Double.toString does: `35.0`, `0.001`, `1.0E-4`. null where it is none.
json::Value double_json(double number, json::Arena& arena);

}  // namespace snowline::enricher
