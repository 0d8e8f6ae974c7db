#pragma once

#include "common/result.h"

#include <chrono>
#include <string>

namespace snowline::log::kafka {

/// What a command prints, run by /bin/sh; it is killed after `within`, and what it prints is not
/// taken beyond 64 KiB. An error where it fails, says nothing, or takes too long.
Result<std::string> output_of(const std::string& command, std::chrono::milliseconds within);

}  // namespace snowline::log::kafka
