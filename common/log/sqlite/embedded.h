#pragma once

#include "common/log/log.h"
#include "common/log/sqlite/wakeup.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// The log in a directory, for laptops, tests and edge boxes: one SQLite file for each writer. A
/// lock file, which names the holder's process, ensures that one connection writes and checkpoints
/// a file; all others only read. A topic is created by its first record. It has one partition for
/// each writer, with the writer's number; one group owns the directory. Why:
/// docs/adr/0002-embedded-log.md.
namespace snowline::log::sqlite {

/// The writer of a file `<name>.db`. The set is closed, so that readers know all files.
struct Writer {
    const char* name;
    std::int32_t partition;
};
inline constexpr Writer kCollector{"raw", 0};
inline constexpr Writer kEnricher{"rows", 1};  // the group: its outputs and its read offsets
inline constexpr Writer kReplay{"replay", 2};  // records that are sent again, from the command line

/// Each writer deletes old records of its own file, in small steps. Records that the directory's
/// group has not committed are kept; so are all, as long as no group was ever registered.
struct Retention {
    std::uint64_t bytes = std::uint64_t{2} << 30;  // of one file; full of unread records: kFull
    std::chrono::seconds age = std::chrono::hours{7 * 24};
};

struct WriterOptions {
    Retention retention;
    std::size_t queue_bytes_max = std::size_t{64}
                                  << 20;  // sent and not yet durable; beyond: kQueueFull
    std::size_t record_bytes_max = std::size_t{16} << 20;
    /// Shared by the log's writers and readers within one process: a commit wakes the readers.
    /// Without it readers poll every 2 to 50 ms.
    std::shared_ptr<Wakeup> wakeup{};
};

/// Fails with kRefused where another process (or object) is the writer; the message names its pid.
/// The producer's destructor commits what was sent before it returns.
Result<std::unique_ptr<DurableProducer>, Failure> open_producer(
    const std::filesystem::path& directory, Writer writer, const WriterOptions& options = {});

/// Joins the directory's group: reads the input topics from all writers' files, and writes
/// `rows.db`. A new group begins with the oldest records.
Result<std::unique_ptr<GroupMember>, Failure> join_group(
    const std::filesystem::path& directory, const std::string& group,
    const std::vector<std::string>& input_topics, const WriterOptions& options = {});

/// `wakeup` as in WriterOptions. A directory, file or topic that does not exist reads as empty.
Result<std::unique_ptr<Reader>, Failure> open_reader(const std::filesystem::path& directory,
                                                     const Range& range,
                                                     std::shared_ptr<Wakeup> wakeup = nullptr);

}  // namespace snowline::log::sqlite
