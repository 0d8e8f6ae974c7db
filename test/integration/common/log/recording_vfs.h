#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <sqlite3.h>

/// What SQLite does to its files, written down, so that a test can make the disk of a moment at
/// which the power went.
namespace snowline::test {

struct FileOp {
    enum class Kind { kWrite, kTruncate, kSync, kDelete, kMark };
    Kind kind;
    std::string file{};       // its name without the directory
    std::int64_t offset = 0;  // kTruncate: the new size; kMark: the mark's number
    std::string bytes{};
};

/// SQLite's default VFS while it lives: does what the real one does, and notes it. Shared memory is
/// not noted: nothing of it outlives a crash.
class RecordingVfs {
public:
    RecordingVfs();
    ~RecordingVfs() { sqlite3_vfs_unregister(&vfs_); }
    RecordingVfs(const RecordingVfs&) = delete;
    RecordingVfs& operator=(const RecordingVfs&) = delete;

    void mark(std::int64_t number) { note({.kind = FileOp::Kind::kMark, .offset = number}); }
    void note(FileOp op) {
        const std::lock_guard lock(mutex_);
        ops_.push_back(std::move(op));
    }
    std::vector<FileOp> ops() const {
        const std::lock_guard lock(mutex_);
        return ops_;
    }
    sqlite3_vfs* real() const { return real_; }

private:
    sqlite3_vfs* const real_ = sqlite3_vfs_find(nullptr);
    sqlite3_vfs vfs_{};
    mutable std::mutex mutex_;
    std::vector<FileOp> ops_;
};

/// A disk that has done the operations up to a moment: what was synced is on it, and each later
/// write maybe, maybe in part.
class CrashingDisk {
public:
    void apply(const FileOp& op);
    /// The files' contents if the power went now.
    std::map<std::string, std::string> crash(std::mt19937_64& random) const;

private:
    struct File {
        std::string durable;
        std::vector<FileOp> since{};  // writes and truncations that were not synced
    };
    std::map<std::string, File> files_;
};

}  // namespace snowline::test
