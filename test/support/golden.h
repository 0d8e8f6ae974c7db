#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::test {

/// A file or folder of the recorded vectors; nullopt, with a line on standard output, where they
/// are not there. SNOWLINE_SHARED names the folder that holds `golden`, `suites` and
/// `iglu-central`; without it, `shared` beside the source folder.
inline std::optional<std::filesystem::path> shared(std::string_view name) {
    const char* set = std::getenv("SNOWLINE_SHARED");
    const auto folder = set != nullptr
                            ? std::filesystem::path(set)
                            : std::filesystem::path(SNOWLINE_SOURCE_DIR).parent_path() / "shared";
    const auto path = folder / name;
    if (std::filesystem::exists(path)) return path;
    std::printf("skipped: %s is not there\n", path.c_str());
    return std::nullopt;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines of a file, without the empty ones.
inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::ifstream in(path, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

}  // namespace snowline::test
