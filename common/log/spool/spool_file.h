#pragma once

#include "common/log/spool/spool.h"
#include "common/sqlite/connection.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::log::spool {

/// The spool's file and a connection to it. One thread.
///
///   record(number, time, topic, partition, key, value, headers)
///
/// After a failed write only `roll_back` may be called; then the object is dropped, and `open`
/// makes a new connection. Pages of the failed transaction are in the page cache and maybe not on
/// the disk, and the kernel reports that only once. So `open` writes the WAL's bytes over
/// themselves, syncs them, and checkpoints all of it, before anything is acknowledged.
class SpoolFile {
public:
    enum class Mode { kWrite, kRead };
    /// The directory must exist and, for kWrite, be locked by the caller.
    static Result<SpoolFile, Failure> open(const std::filesystem::path& directory, Mode mode);

    /// The calls below run inside a transaction, until `commit` or `roll_back`.
    Result<void, Failure> begin();
    Result<void, Failure> append(std::int64_t number, const Record& record);
    Result<void, Failure> remove(std::int64_t number);
    Result<void, Failure> remove_behind(std::int64_t number);
    Result<void, Failure> commit();
    void roll_back();

    /// False: the file or its WAL was moved or deleted since `open`, so that what is committed now
    /// would be gone with this object. For kWrite.
    bool is_in_place() const;

    Result<std::uint64_t, Failure> count();
    /// Of the file's pages in use.
    Result<std::uint64_t, Failure> used_bytes();
    /// Arrival time of the oldest record; 0 without one.
    Result<std::int64_t, Failure> oldest_ms();
    Result<std::int64_t, Failure> last_number();

    Result<std::optional<Entry>, Failure> find(std::int64_t number);
    /// Entries with higher numbers, oldest first. A record is read only if `wanted(number)` is
    /// true.
    using Wanted = std::function<bool(std::int64_t number)>;
    Result<std::vector<Entry>, Failure> read(std::int64_t after_number,
                                             const Spool::TakeLimits& limits, const Wanted& wanted);

    /// Its number on its device. nullopt: it is not there.
    using FileId = std::optional<std::pair<std::uint64_t, std::uint64_t>>;
    static FileId id_of(const std::filesystem::path& path);
    FileId id() const { return file_id_; }

    static std::filesystem::path path_of(const std::filesystem::path& directory) {
        return directory / "spool.db";
    }

private:
    SpoolFile(sqlite::Database database, std::filesystem::path path)
        : database_(std::move(database)), path_(std::move(path)) {}
    Result<void, Failure> prepare_writing();
    Result<void, Failure> prepare_statements();
    static Entry entry_of(const sqlite::Statement& row, const Spool::TakeLimits& limits);

    sqlite::Database database_;
    std::filesystem::path path_;
    FileId file_id_, wal_id_;
    sqlite::Statement begin_, commit_, insert_, remove_, remove_behind_, read_, find_, count_,
        oldest_, last_, page_count_, freelist_count_;
    std::uint64_t page_bytes_ = 4096;
};

}  // namespace snowline::log::spool
