#pragma once

#include "common/log/log.h"
#include "common/ops/histogram.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Records that a log did not take in time, kept on a local disk until it does: one SQLite file in
/// a directory, of the same make as the embedded log's (docs/adr/0002-embedded-log.md), with one
/// connection in the world, held by a lock file. Why: docs/adr/0014-delivery.md.
namespace snowline::log::spool {

/// A stored record; the numbers are in the order of storing.
struct Entry {
    std::int64_t number = 0;
    Record record{};       // its timestamp is the time of its arrival
    bool is_whole = true;  // false: without key, value and headers, as was asked for
};

/// What lies in a spool.
struct Level {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;     // of the file's pages in use
    std::int64_t oldest_ms = 0;  // arrival of the oldest record; 0 without one
};

enum class Health {
    kTakes,
    kFull,     // of its own limit or of the disk's: takes records again when some were removed
    kFailing,  // the file could not be written, and is opened again
    kStuck,    // a write has not come back for `stuck_after`
};

struct Options {
    std::uint64_t bytes_max = std::uint64_t{1} << 30;
    /// Left free on the disk, so that the file can always be put in order and trimmed.
    std::uint64_t disk_bytes_free_min = std::uint64_t{8} << 20;
    std::size_t queue_bytes_max = std::size_t{16} << 20;  // given and not yet durable
    std::chrono::milliseconds reopen_after{1000};         // at most once in this time
    std::chrono::milliseconds stuck_after{1500};
    /// What happens to the file, a line each, for the program's log. From the spool's thread.
    std::function<void(const std::string& line)> reports{};
};

/// Who may send a stored record to the log.
enum class Hold {
    kNone,    // whoever takes it
    kSender,  // nobody else before `release`: it is still on its way to the log
};

/// Thread-safe. Everything is done by one thread of its own, in groups with one fsync each.
class Spool {
public:
    /// The number of the entry, once it is durable. From the spool's thread, or at once where
    /// there is no room or no hope.
    using Stored = std::function<void(Result<std::int64_t, Failure>)>;

    struct Append {
        Record record;
        Hold hold = Hold::kNone;
        /// An entry that goes in the same transaction: the record is written instead of it.
        std::int64_t replaces = 0;
        /// Asked right before it is written; false: it is not written any more.
        std::function<bool()> wanted{};
        Stored stored;
    };

    struct TakeLimits {
        std::size_t records_max = 500;
        std::size_t bytes_max = std::size_t{1} << 20;  // at least one record is returned
        /// Asked before a record is read: true: only its topic, partition and time are wanted, so
        /// that its value is not read. From the spool's thread.
        std::function<bool(const std::string& topic, std::int32_t partition)> only_place{};
    };

    virtual ~Spool() = default;  // what was given is stored first
    virtual void append(Append append) = 0;
    /// The sender has given up: the next `take` may have the entry.
    virtual void release(std::int64_t number) = 0;
    /// The record has arrived in the log. Becomes durable with a later group.
    virtual void remove(std::int64_t number) = 0;
    /// The oldest entries that nobody holds, in order. The caller holds them from now on.
    virtual Result<std::vector<Entry>, Failure> take(const TakeLimits& limits) = 0;
    /// Entries that the caller holds, once more; without those that are gone.
    virtual Result<std::vector<Entry>, Failure> read(std::vector<std::int64_t> numbers) = 0;
    virtual Level level() const = 0;
    virtual Health health() const = 0;
    /// How long commits took, their fsync included.
    virtual ops::Histogram commit_seconds() const = 0;
};

/// kRefused where another process has the spool, naming its pid, or where the file is none of ours;
/// kUnavailable where what a crash left in it could not be made durable.
Result<std::unique_ptr<Spool>, Failure> open_spool(const std::filesystem::path& directory,
                                                   Options options);

/// Entries behind a number, oldest first, for looking at a spool, also while a collector writes it.
/// At most 500; empty at the end. kUnavailable where there is no spool.
Result<std::vector<Entry>, Failure> read_page(const std::filesystem::path& directory,
                                              std::int64_t after_number);

}  // namespace snowline::log::spool
