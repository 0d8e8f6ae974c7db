#pragma once

#include "common/log/sqlite/damaged_log.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace snowline::cli {

/// Tells on standard error, a line each, which offsets of a topic cannot be read.
void print_lost(std::string_view command, const std::filesystem::path& file,
                const std::string& topic, std::span<const log::sqlite::LostOffsets> lost);

}  // namespace snowline::cli
