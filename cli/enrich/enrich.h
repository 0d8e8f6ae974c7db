#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline enrich FILE`: the rows of raw payloads, given as base64, one a line.
int enrich(std::span<const std::string> arguments);

}  // namespace snowline::cli
