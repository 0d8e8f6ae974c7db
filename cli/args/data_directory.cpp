#include "cli/args/data_directory.h"

#include <cstdlib>

namespace snowline::cli {

std::filesystem::path default_data_directory() {
    const auto set = [](const char* name) -> const char* {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0' ? value : nullptr;
    };
    if (const char* own = set("SNOWLINE_DATA")) return own;
    if (const char* xdg = set("XDG_DATA_HOME")) return std::filesystem::path(xdg) / "snowline";
    if (const char* home = set("HOME"))
        return std::filesystem::path(home) / ".local/share/snowline";
    return "snowline-data";
}

}  // namespace snowline::cli
