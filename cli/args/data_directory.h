#pragma once

#include <filesystem>

namespace snowline::cli {

/// Where the embedded log lives unless `--data` says otherwise, the same for every command:
/// $SNOWLINE_DATA, else $XDG_DATA_HOME/snowline, else ~/.local/share/snowline.
std::filesystem::path default_data_directory();

}  // namespace snowline::cli
