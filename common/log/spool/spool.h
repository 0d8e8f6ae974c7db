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

/// Keeps records that a log did not acknowledge in time on a local disk until it does: one SQLite
/// file in a directory, built like those of the embedded log (docs/adr/0002-embedded-log.md). A
/// lock file ensures a single writing connection. Why: docs/adr/0014-delivery.md.
namespace snowline::log::spool {

/// A stored record. Numbers ascend in the order of storing.
struct Entry {
    std::int64_t number = 0;
    Record record{};       // its timestamp is the time of its arrival
    bool is_whole = true;  // false: key, value and headers were not read, as `only_place` asked
};

/// How much a spool holds.
struct Level {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;     // of the file's pages in use
    std::int64_t oldest_ms = 0;  // arrival of the oldest record; 0 without one
};

enum class Health {
    kTakes,
    kFull,     // of its own limit or of the disk's: takes records again when some were removed
    kFailing,  // there is no file that could be written; it is opened, or made, again
    kStuck,    // a write has not returned for `stuck_after`
};

struct Options {
    std::uint64_t bytes_max = std::uint64_t{1} << 30;
    /// Kept free on the disk, so that checkpoints and deletions can always be written.
    std::uint64_t disk_bytes_free_min = std::uint64_t{8} << 20;
    std::size_t queue_bytes_max = std::size_t{16} << 20;  // given and not yet durable
    std::chrono::milliseconds reopen_after{1000};         // at most once in this time
    std::chrono::milliseconds stuck_after{1500};
    /// Called with a line for the program's log when the file fails, is set aside or is opened
    /// again. On the spool's thread, or before `open_spool` returns.
    std::function<void(const std::string& line)> reports{};
};

/// Whether the entry may be taken while its sender still waits for the log.
enum class Hold {
    kNone,    // any `take` may have it
    kSender,  // no `take` has it before `release`: the record is still on its way to the log
};

/// Thread-safe. One thread owns the file and writes in groups, with one fsync each.
class Spool {
public:
    /// Called once: with the entry's number when it is durable, or with a failure. On the spool's
    /// thread, or before `append` returns where the queue is full or the file is failing or stuck.
    using Stored = std::function<void(Result<std::int64_t, Failure>)>;

    struct Append {
        Record record;
        Hold hold = Hold::kNone;
        /// An entry that is removed in the same transaction: the new record replaces it. 0: none.
        std::int64_t replaces = 0;
        /// Called right before the write, on the spool's thread; false: the record is not written.
        std::function<bool()> wanted{};
        Stored stored;
    };

    struct TakeLimits {
        std::size_t records_max = 500;
        std::size_t bytes_max = std::size_t{1} << 20;  // at least one record is returned
        /// Called before a record is read, on the spool's thread. True: only its topic, partition
        /// and time are read, not its value.
        std::function<bool(const std::string& topic, std::int32_t partition)> only_place{};
    };

    virtual ~Spool() = default;  // stores what was appended first
    virtual void append(Append append) = 0;
    /// Ends kSender's hold: the next `take` may return the entry.
    virtual void release(std::int64_t number) = 0;
    /// The log has the record: deletes the entry. Durable with a later group.
    virtual void remove(std::int64_t number) = 0;
    /// The oldest entries that are not held, in order. The caller holds them from then on. Blocks
    /// until the spool's thread answers; kUnavailable where it is busy for too long.
    virtual Result<std::vector<Entry>, Failure> take(const TakeLimits& limits) = 0;
    /// Reads entries that the caller holds once more; entries that were removed are left out.
    /// Blocks likewise.
    virtual Result<std::vector<Entry>, Failure> read(std::vector<std::int64_t> numbers) = 0;
    virtual Level level() const = 0;
    virtual Health health() const = 0;
    /// Why the file has failed; empty in other states than kFailing.
    virtual std::string trouble() const = 0;
    /// Broken files that lie beside the spool's, as it was last looked up (10 s).
    virtual std::size_t files_set_aside() const = 0;
    /// Durations of commits, fsync included.
    virtual ops::Histogram commit_seconds() const = 0;
};

/// Opens the spool for writing. A broken file is set aside (common/sqlite/set_aside.h), and a new
/// one made. Where the disk is read-only, full or broken, or what a crash left could not be made
/// durable, the spool begins as kFailing and opens its file as soon as it can. A file that was
/// moved or deleted is noticed before the next record is acknowledged: a new one gets what was in
/// it. Fails with kRefused where another process has the spool (the message names its pid), where
/// the file is another program's, and where the directory cannot be made.
Result<std::unique_ptr<Spool>, Failure> open_spool(const std::filesystem::path& directory,
                                                   Options options);

/// Entries with higher numbers, oldest first, at most 500; empty at the end. Only reads, also while
/// a collector writes. kUnavailable where there is no spool.
Result<std::vector<Entry>, Failure> read_page(const std::filesystem::path& directory,
                                              std::int64_t after_number);

}  // namespace snowline::log::spool
