#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline up`: collector, embedded log and enricher in this process.
int up(std::span<const std::string> arguments);

}  // namespace snowline::cli
