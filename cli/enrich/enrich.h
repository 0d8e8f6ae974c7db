#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline enrich FILE`: enriches raw payloads, given as base64 lines, and prints the rows.
int enrich(std::span<const std::string> arguments);

}  // namespace snowline::cli
