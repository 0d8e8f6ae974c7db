#pragma once

#include "common/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A partitioned, keyed, replayable log with transactions: Kafka in production, SQLite files
/// (common/log/embedded/) on a laptop. Both pass the same contract tests (test/integration/common).
namespace snowline::log {

struct Header {
    std::string name, value;
    bool operator==(const Header&) const = default;
};

inline constexpr std::int32_t kAnyPartition = -1;

struct Record {
    std::string topic;
    std::optional<std::string> key{};
    std::string value{};
    std::vector<Header> headers{};
    std::int64_t timestamp_ms = 0;           // 0 in a record to send: the log's own clock
    std::int32_t partition = kAnyPartition;  // to send: by key (murmur2, as Java clients place it)
    std::int64_t offset = -1;                // set on records that were read
    /// To send: no value at all, which takes the key out of a compacted topic (Kafka). Such a
    /// record is read as one with an empty value.
    bool is_tombstone = false;
};

struct Position {
    std::int32_t partition;
    std::int64_t offset;
};

enum class Reason {
    kFull,         // no room now, in memory or on disk; the record is nowhere; try later
    kUnavailable,  // the log cannot be reached, or not in time
    kTooLarge,     // this record never fits
    kUnknownTopic,
    kRefused,  // authentication, authorization, or another process owns what is written to
    kStale,    // the batch is of an older generation: drop the open batches and poll again
    kFenced,   // another writer or hop took over; this object is of no more use
    kBroken,   // the object is of no more use for another reason; make a new one
};

struct Failure {
    Reason reason;
    std::string message;            // says what to do next, where something can be done
    bool possibly_written = false;  // the record may be in the log all the same
};

/// Appends records. Thread-safe. `reported` is called exactly once for each record, from any
/// thread, possibly before `send` returns; success means durable.
class Producer {
public:
    using Reported = std::function<void(Result<Position, Failure>)>;

    virtual ~Producer() = default;
    virtual void send(Record record, Reported reported) = 0;
    /// Waits until every record sent so far was reported, or the time is over.
    virtual Result<void, Failure> flush(std::chrono::milliseconds at_most) = 0;
};

struct PollLimits {
    std::size_t records_max = 1000;
    std::size_t bytes_max = std::size_t{4} << 20;  // at least one record is returned
    std::chrono::milliseconds wait{100};
};

/// Where a group goes on reading once a batch is committed.
struct Bookmark {
    /// What Kafka's brokers take beside an offset, and so does every log.
    static constexpr std::size_t kNoteBytesMax = 4096;
    struct Next {
        std::string topic;
        std::int32_t partition;
        std::int64_t offset;  // of the first record behind the batch
        /// Whatever the group has to remember there, in ASCII. Empty from `poll`; committed with
        /// the offset, and given back by `Hop::committed`.
        std::string note{};
        bool operator==(const Next&) const = default;
    };
    std::vector<Next> next{};
    /// Counts up when partitions move and when a commit fails: what was polled before and is not
    /// committed will be polled again.
    std::uint64_t generation = 0;
};

struct TopicPartition {
    std::string topic;
    std::int32_t partition;
    auto operator<=>(const TopicPartition&) const = default;
};

/// How far a group is behind in one partition.
struct PartitionLag {
    TopicPartition of;
    std::int64_t committed;  // where the group goes on reading
    std::int64_t end;        // the offset of the next record that committed readers will see
};

/// Records of the partitions that a hop owns, in order within each partition.
struct Batch {
    std::vector<Record> records{};
    Bookmark bookmark{};
};

/// The enricher's seam: reads input topics as a member of a group and commits outputs together with
/// the read positions, atomically. One thread.
class Hop {
public:
    virtual ~Hop() = default;
    /// The next records, never the same twice within a generation. Empty after `limits.wait`
    /// without any. A batch (an empty one too) of a newer generation than those that are still open
    /// says that these are to be dropped.
    virtual Result<Batch, Failure> poll(const PollLimits& limits) = 0;
    /// Makes `outputs` visible and moves the group's positions to the bookmark, both or neither.
    /// Batches are committed in the order they were polled; more than one may be open.
    /// After kRefused, kFenced and kBroken the hop is of no more use; after any other failure drop
    /// the open batches and poll again.
    virtual Result<void, Failure> commit(const Bookmark& bookmark, std::vector<Record> outputs) = 0;
    /// Instead of `poll`, at least every second, by those who have no room for more records now: a
    /// Kafka group forgets members that do not poll. Does not wait.
    virtual Result<void, Failure> keep_alive() = 0;
    /// Where the group stood when the generation of the records polled last began: offsets and
    /// notes of the hop's partitions, without those where nothing was ever committed.
    virtual const std::vector<Bookmark::Next>& committed() const = 0;
    /// No more records of these partitions, until the next call names others, or none. What is in
    /// open batches stays in them, and a batch that is on its way may still have some. Partitions
    /// that move are released.
    virtual void hold(std::vector<TopicPartition> partitions) = 0;
    /// Of each partition that this hop owns. Asks the log: some milliseconds, seconds where it is
    /// away.
    virtual Result<std::vector<PartitionLag>, Failure> lags() = 0;
};

/// Where a reader begins.
enum class From { kStart, kEnd };

/// Reads committed records of topics, outside any group: for tail, replay and reconcile. One
/// thread.
class Reader {
public:
    virtual ~Reader() = default;
    /// In order within each partition; empty after `limits.wait` without any.
    virtual Result<std::vector<Record>, Failure> read(const PollLimits& limits) = 0;
    /// Everything that was in the topics when the reader was opened has been read.
    virtual bool caught_up() const = 0;
};

}  // namespace snowline::log
