#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline schema pull`: writes a registry's schemas into a folder. See Command::run.
int schema_pull(std::span<const std::string> arguments);

}  // namespace snowline::cli
