#pragma once

#include <string>
#include <vector>

namespace snowline::bench {

/// One line of JSON: how many, and p50, p99, p99.9 and the greatest in milliseconds.
std::string percentiles_json(std::vector<double> ms, double seconds);

}  // namespace snowline::bench
