#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline registry serve`: a schema registry with Iglu Server's HTTP API, on a SQLite file or,
/// read-only, on a folder. See Command::run.
int registry_serve(std::span<const std::string> arguments);

}  // namespace snowline::cli
