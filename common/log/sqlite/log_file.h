#pragma once

#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/writer_lock.h"
#include "common/sqlite/connection.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace snowline::log::sqlite {

/// A writer's file, and the one connection that writes and checkpoints it. One thread.
///
///   topic(id, name, next_offset)                       next_offset outlives the records
///   record_<id>(offset, time, key, value, headers)     one table a topic: appends stay at the end
///   position(hop, topic, partition, next_offset, note) read offsets of the group: rows.db only
///   reading(hop)                                       the group that reads here now: rows.db only
///
/// After a failed commit the connection is kept on purpose: its next transaction writes the same
/// WAL frames again before it syncs them. A new connection would recover frames that are in the
/// page cache and not on the disk, and put acknowledged ones behind them.
class LogFile {
public:
    /// Creates directory and file where they do not exist; takes the lock.
    static Result<LogFile, Failure> open(const std::filesystem::path& directory, Writer writer);

    /// The calls below run inside a transaction, until `commit` or `roll_back`.
    Result<void, Failure> begin();
    /// Returns the record's offset.
    Result<std::int64_t, Failure> append(const Record& record);
    /// The first offset of a topic that must be kept; nullopt: all may be deleted.
    using KeepFrom = std::function<std::optional<std::int64_t>(const std::string& topic)>;
    /// Deletes up to `records_max` of the oldest records where the file exceeds its retention.
    /// False: it is full, and no record may be deleted.
    Result<bool, Failure> trim(const Retention& retention, const KeepFrom& keep_from,
                               std::int64_t records_max);
    /// A write that changes no record: its commit shows whether the disk takes writes.
    Result<void, Failure> touch();
    Result<void, Failure> commit();
    void roll_back();

    std::int32_t partition() const { return partition_; }
    Database& database() { return database_; }

private:
    struct Topic {
        std::int64_t id = 0;
        std::int64_t next_offset = 0;
        bool changed = false;
        Statement insert{}, oldest{}, remove{};
    };

    LogFile(WriterLock lock, Database database, std::int32_t partition)
        : lock_(std::move(lock)), database_(std::move(database)), partition_(partition) {}

    Result<void, Failure> prepare();
    Result<Topic*, Failure> find_topic(const std::string& name);
    Result<void, Failure> load_topics();
    Result<void, Failure> add_topic(const std::string& name, std::int64_t id, std::int64_t next);
    Result<std::uint64_t, Failure> used_bytes();
    Result<bool, Failure> remove_oldest(std::int64_t before_ms, const KeepFrom& keep_from,
                                        std::int64_t records_max);

    // The order of destruction: statements before the database, the database before the lock.
    WriterLock lock_;
    Database database_;
    std::int32_t partition_;
    std::map<std::string, Topic> topics_;
    Statement begin_, commit_, save_next_, page_count_, freelist_count_;
    std::uint64_t page_bytes_ = 4096;
};

}  // namespace snowline::log::sqlite
