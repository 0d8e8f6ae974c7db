#pragma once

#include <filesystem>

namespace snowline::cli {

/// The default directory of the embedded log, for all commands without `--data`:
/// $SNOWLINE_DATA, else $XDG_DATA_HOME/snowline, else ~/.local/share/snowline.
std::filesystem::path default_data_directory();

}  // namespace snowline::cli
