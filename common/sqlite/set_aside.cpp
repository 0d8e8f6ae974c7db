#include "common/sqlite/set_aside.h"

#include "common/text/time.h"

#include <algorithm>
#include <string>
#include <system_error>

namespace snowline::log::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100;

std::string prefix_of(const fs::path& path) {
    return path.stem().string() + ".broken-";
}

/// `20261128T191331Z`
std::string instant_of(std::int64_t now_ms) {
    std::string instant = text::format_instant(now_ms - now_ms % 1000);
    std::erase_if(instant, [](char c) { return c == '-' || c == ':'; });
    return instant;
}

std::vector<fs::path> files_with(const fs::path& path, const std::string& ending) {
    std::vector<fs::path> found;
    std::error_code error;
    const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (fs::directory_iterator file(directory, error), end; !error && file != end;
         file.increment(error)) {
        const std::string name = file->path().filename().string();
        if (name.starts_with(prefix_of(path)) && name.ends_with(ending)) {
            found.push_back(file->path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A name that is free for the file. The WAL is moved first, so a crash may have left one alone:
/// then the name of that one.
fs::path target_of(const fs::path& path, std::int64_t now_ms) {
    std::error_code ignored;
    const bool has_wal = fs::exists(path.string() + "-wal", ignored);
    for (const fs::path& wal : files_with(path, ".db-wal")) {
        if (has_wal) break;
        fs::path file = wal.string().substr(0, wal.string().size() - 4);
        if (!fs::exists(file, ignored)) return file;
    }
    const std::string name = prefix_of(path) + instant_of(now_ms);
    fs::path target = path.parent_path() / (name + ".db");
    for (int i = 2; fs::exists(target, ignored); ++i) {
        target = path.parent_path() / (name + "-" + std::to_string(i) + ".db");
    }
    return target;
}

Failure failure_of(const fs::path& path, const std::error_code& error) {
    return {Reason::kUnavailable,
            path.string() + ": is broken and cannot be set aside: " + error.message()};
}

}  // namespace

Result<fs::path, Failure> set_aside(const fs::path& path, std::int64_t now_ms) {
    if (files_with(path, ".db").size() >= kFilesMax) {
        return unexpected(Failure{Reason::kUnavailable, path.string() + ": is broken, and " +
                                                            std::to_string(kFilesMax) +
                                                            " files were set aside already"});
    }
    const fs::path target = target_of(path, now_ms);
    std::error_code error;
    const fs::path wal = path.string() + "-wal";
    if (fs::exists(wal, error)) fs::rename(wal, target.string() + "-wal", error);
    if (error) return unexpected(failure_of(path, error));
    fs::rename(path, target, error);
    if (error) return unexpected(failure_of(path, error));
    std::error_code ignored;  // what SQLite shares between processes: made again
    fs::remove(path.string() + "-shm", ignored);
    return target;
}

Result<fs::path, Failure> link_aside(const fs::path& path, std::int64_t now_ms) {
    const fs::path target = target_of(path, now_ms);
    std::error_code error;
    const fs::path wal = path.string() + "-wal";
    if (fs::exists(wal, error)) fs::create_hard_link(wal, target.string() + "-wal", error);
    if (error) return unexpected(failure_of(path, error));
    fs::create_hard_link(path, target, error);
    if (error) return unexpected(failure_of(path, error));
    return target;
}

std::vector<fs::path> files_set_aside(const fs::path& path) {
    return files_with(path, ".db");
}

}  // namespace snowline::log::sqlite
