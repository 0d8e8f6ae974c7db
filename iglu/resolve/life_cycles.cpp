#include "iglu/resolve/life_cycles.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include <fmt/format.h>

namespace snowline::iglu {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFileBytesMax = 1 << 20;

std::string key_of(std::string_view vendor, std::string_view name) {
    std::string key(vendor);
    key += '/';
    key += name;
    return key;
}

Result<std::string> text_of(const fs::path& file) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    if (error) return unexpected(error.message());
    if (bytes > kFileBytesMax) return unexpected(fmt::format("{} bytes", bytes));
    std::ifstream in(file, std::ios::binary);
    if (!in) return unexpected(std::string("it cannot be read"));
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Result<LifeCycles, std::vector<std::string>> LifeCycles::read(const std::string& named) {
    const fs::path folder(named);
    std::vector<std::string> problems;
    LifeCycles lives;
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return unexpected(std::vector{named + ": there is no such folder"});
    const fs::path root = fs::is_directory(folder / "schemas", error) ? folder / "schemas" : folder;
    fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        const fs::path& file = at->path();
        if (at.depth() == 2) at.disable_recursion_pending();  // the versions are of no interest
        if (at.depth() != 2 || file.filename() != kLifeCycleFile) continue;
        const auto text = text_of(file);
        if (!text) {
            problems.push_back(file.string() + ": " + text.error());
            continue;
        }
        auto life = LifeCycle::parse(*text);
        if (!life) {
            for (const std::string& problem : life.error())
                problems.push_back(file.string() + ": " + problem);
            continue;
        }
        // A sum: the order of a folder's files is none.
        lives.fingerprint_ += std::hash<std::string>()(file.string() + '\n' + *text);
        const fs::path name = file.parent_path();
        lives.add(name.parent_path().filename().string(), name.filename().string(),
                  *std::move(life));
    }
    if (error) problems.push_back(root.string() + ": " + error.message());
    if (!problems.empty()) return unexpected(problems);
    return lives;
}

void LifeCycles::add(std::string_view vendor, std::string_view name, LifeCycle life) {
    lives_[key_of(vendor, name)] = std::move(life);
}

const LifeStage* LifeCycles::find(const model::SchemaKey& key) const {
    const auto life = lives_.find(key_of(key.vendor, key.name));
    return life == lives_.end() ? nullptr : &life->second.stage_of(key.version);
}

}  // namespace snowline::iglu
