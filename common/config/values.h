#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace snowline::config {

/// Names with texts, in the order of the file (a repeated name keeps its first place).
using StringMap = std::vector<std::pair<std::string, std::string>>;

using Duration = std::chrono::milliseconds;

}  // namespace snowline::config
