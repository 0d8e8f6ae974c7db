#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema bundle`
int schema_bundle(std::span<const std::string> arguments);

}  // namespace snowline::cli
