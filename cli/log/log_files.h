#pragma once

#include <span>
#include <string>

namespace snowline::cli {

/// `snowline log check`: whether the files of an embedded log are sound.
int log_check(std::span<const std::string> arguments);

/// `snowline log repair`: replaces broken files by what can be read of them.
int log_repair(std::span<const std::string> arguments);

}  // namespace snowline::cli
