#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace snowline::test {

/// SNOWLINE_SHARED names the folder that holds `golden`, `suites` and `iglu-central`; without it,
/// `shared` beside the source folder.
inline std::filesystem::path shared_folder() {
    const char* set = std::getenv("SNOWLINE_SHARED");
    if (set != nullptr) return set;
    return std::filesystem::path(SNOWLINE_SOURCE_DIR).parent_path() / "shared";
}

/// A file or folder of ../shared; nullopt, with a line on standard output, where it is not there.
inline std::optional<std::filesystem::path> shared(std::string_view name) {
    auto path = shared_folder() / name;
    if (std::filesystem::exists(path)) return path;
    std::printf("skipped: %s is not there\n", path.c_str());
    return std::nullopt;
}

/// The folder of a kind of recorded vectors (collector, iglu, registry): all of ../shared where it
/// is, else the part of them that the project carries.
inline std::filesystem::path golden(std::string_view kind) {
    auto whole = shared_folder() / "golden" / kind;
    if (std::filesystem::exists(whole)) return whole;
    return std::filesystem::path(SNOWLINE_SOURCE_DIR) / "test/golden/vectors" / kind;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines of a recording, NAME.jsonl or NAME.jsonl.gz, without the empty ones.
inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
    const auto packed = path.string() + ".gz";
    const std::string file = std::filesystem::exists(path) ? path.string() : packed;
    gzFile in = gzopen(file.c_str(), "rb");  // reads what is not compressed as it is
    if (in == nullptr) throw std::runtime_error(file + " cannot be read");
    std::string text;
    std::vector<char> part(1 << 16);
    int size = 0;
    while ((size = gzread(in, part.data(), static_cast<unsigned>(part.size()))) > 0) {
        text.append(part.data(), static_cast<std::size_t>(size));
    }
    const int closed = gzclose(in);
    if (size < 0 || closed != Z_OK) throw std::runtime_error(file + " is damaged");
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        if (end > start) lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

/// The recordings in a folder, each under the name that read_lines() takes.
inline std::vector<std::filesystem::path> recordings(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        auto path = entry.path();
        if (path.extension() == ".gz") path.replace_extension();
        if (path.extension() == ".jsonl") found.push_back(std::move(path));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace snowline::test
