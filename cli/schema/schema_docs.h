#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema docs`: a folder's schemas as a static catalogue. See Command::run.
int schema_docs(std::span<const std::string> arguments);

}  // namespace snowline::cli
