#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema explain`
int schema_explain(std::span<const std::string> arguments);

}  // namespace snowline::cli
