#pragma once

#include "common/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A partitioned, keyed, replayable log with transactions: Kafka in production, SQLite files
/// (common/log/embedded/) on a laptop. Both pass the same contract tests (test/integration/common).
namespace snowline::log {

struct Header {
    std::string name, value;
    bool operator==(const Header&) const = default;
};

inline constexpr std::int32_t kAnyPartition = -1;
/// Of a record to send: it goes without a time, for a log that refuses the times that this machine
/// would give (Kafka: `message.timestamp.after.max.ms`). Kafka judges its age by its segment's.
inline constexpr std::int64_t kNoTimestamp = -1;

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
    kFull,         // the log has no room now; the record is nowhere; try later
    kQueueFull,    // too much is on its way to the log; the record is nowhere; try in a moment
    kUnavailable,  // the log cannot be reached, or not in time
    kTooLarge,     // this record never fits
    kUnknownTopic,
    kUnknownPartition,  // the topic is there and has no such partition; the record is nowhere
    kTimestamp,         // the record's time is too far from the log's own; the record is nowhere
    kRefused,           // authentication, authorization, or another process owns what is written to
    kStale,             // the batch is of an older generation: drop the open batches and poll again
    kFenced,            // another writer or group member took over; this object is of no more use
    kBroken,            // the object is of no more use for another reason; make a new one
};

struct Failure {
    Reason reason;
    std::string message;            // says what to do next, where something can be done
    bool possibly_written = false;  // the record may be in the log all the same
    std::string topic{};            // the one whose trouble it is, where that is known
    /// Of kTooLarge in a commit: what records of the topic may have at most, in the bytes of
    /// `record_bytes`. 0: nobody knows.
    std::size_t record_bytes_max = 0;
};

/// Of key, value and headers.
std::size_t record_bytes(const Record& record);

/// Appends records durably, wherever that is: Kafka's brokers, SQLite's files, or what takes the
/// lines of standard output. Thread-safe.
class DurableProducer {
public:
    using Reported = std::function<void(Result<Position, Failure>)>;

    virtual ~DurableProducer() = default;
    /// The partition for a record of `bytes`, where writers choose it: by the key as Kafka's Java
    /// clients do it; without one, that whose turn it is, so that batches become large. A record
    /// that is to go to the same place whenever it is sent, and sent again, is to be sent with it.
    /// nullopt: the log places its records itself. Does not wait.
    virtual std::optional<std::int32_t> place(const std::string& topic,
                                              std::optional<std::string_view> key,
                                              std::size_t bytes) = 0;
    /// `reported` is called exactly once for each record, from any thread, possibly before `send`
    /// returns; success means durable.
    virtual void send(Record record, Reported reported) = 0;
    /// Waits until every record sent so far was reported, or the time is over.
    virtual Result<void, Failure> flush(std::chrono::milliseconds at_most) = 0;
    /// Whether the log would take records now, as far as can be told without one. Blocks for
    /// `within` at most. kUnknownTopic: it is there, and has no such topic.
    virtual Result<void, Failure> probe(std::chrono::milliseconds within) = 0;
    /// False: the log has not answered since this was opened.
    virtual bool was_reached() const = 0;

    struct Queue {
        std::uint64_t records = 0, bytes = 0;  // sent and not reported
        std::uint64_t fatal_errors = 0;        // after which the log's client was replaced
    };
    virtual Queue queue() const = 0;
};

struct PollLimits {
    std::size_t records_max = 1000;
    std::size_t bytes_max = std::size_t{4} << 20;  // at least one record is returned
    std::chrono::milliseconds wait{100};
};

/// Where a group goes on reading once a batch is committed.
struct Offsets {
    /// What Kafka's brokers take beside an offset, and so does every log.
    static constexpr std::size_t kNoteBytesMax = 4096;
    struct Next {
        std::string topic;
        std::int32_t partition;
        std::int64_t offset;  // of the first record behind the batch
        /// Whatever the group has to remember there, in ASCII. Empty from `poll`; committed with
        /// the offset, and given back by `GroupReader::committed`.
        std::string note{};
        bool operator==(const Next&) const = default;
    };
    std::vector<Next> next{};
    /// Counts up when partitions move, when a commit fails and after `GroupReader::seek`: what was
    /// polled before and is not committed will be polled again.
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

/// Records of the partitions that a member of a group has, in order within each partition.
struct Batch {
    std::vector<Record> records{};
    Offsets offsets{};
};

/// Reads topics as a member of a group. One thread.
class GroupReader {
public:
    virtual ~GroupReader() = default;
    /// The next records, never the same twice within a generation. Empty after `limits.wait`
    /// without any. A batch (an empty one too) of a newer generation than those that are still open
    /// says that these are to be dropped.
    virtual Result<Batch, Failure> poll(const PollLimits& limits) = 0;
    /// Instead of `poll`, at least every second, by those who have no room for more records now: a
    /// Kafka group forgets members that do not poll. Does not wait.
    virtual Result<void, Failure> keep_alive() = 0;
    /// Where the group stood when the generation of the records polled last began: offsets and
    /// notes of the member's partitions, without those where nothing was ever committed.
    virtual const std::vector<Offsets::Next>& committed() const = 0;
    /// No more records of these partitions, until the next call names others, or none. What is in
    /// open batches stays in them, and a batch that is on its way may still have some. A new
    /// generation resumes all.
    virtual void pause(std::vector<TopicPartition> partitions) = 0;
    /// The next poll begins a new generation, in which these partitions go on at the given offsets
    /// (notes are not looked at) and the others where the group stands. That holds until the
    /// partition is committed or moves, also when a commit fails in between. An offset that the log
    /// does not have, below or beyond, means its oldest record. kStale, and nothing is changed: the
    /// member does not have one of the partitions. Does not wait for brokers.
    virtual Result<void, Failure> seek(const std::vector<Offsets::Next>& to) = 0;
    /// Of each partition that this member has. Asks the log: some milliseconds, seconds where it is
    /// away.
    virtual Result<std::vector<PartitionLag>, Failure> lags() = 0;
};

/// Commits what was made of a group's records together with its read positions. One thread, that
/// of the reader.
class Transaction {
public:
    virtual ~Transaction() = default;
    /// Makes `records` visible and moves the group's positions to `offsets`, both or neither.
    /// Batches are committed in the order they were polled; more than one may be open.
    /// After kFenced and kBroken the member is of no more use; after any other failure drop the
    /// open batches and poll again. kTooLarge: a record that the log does not take even by itself;
    /// one of fewer bytes may fit. kUnknownTopic and kRefused: nothing was written, and nothing
    /// will be before somebody has mended the topic or its rights.
    virtual Result<void, Failure> commit(const Offsets& offsets, std::vector<Record> records) = 0;

    /// What records of each topic may have at most, in the bytes of `record_bytes`, as far as the
    /// log says. Asks it: blocks for some milliseconds, for seconds where it is away.
    virtual std::map<std::string, std::size_t> record_limits(const std::vector<std::string>&) {
        return {};
    }
    /// Those of the topics that cannot be written now, as far as can be told without a record:
    /// they are missing, not allowed, or have partitions without a leader. A failure a topic, with
    /// the command that helps. kUnavailable: the log does not answer. Blocks as `record_limits`.
    virtual Result<std::vector<Failure>, Failure> unwritable(const std::vector<std::string>&) {
        return std::vector<Failure>{};
    }
};

/// Both faces of one member of a group: a commit needs to know of which generation of the group.
class GroupMember : public GroupReader, public Transaction {};

/// What of topics to read, outside any group: for tail, rehearse, replay and reconcile.
struct Range {
    struct Start {};  // the oldest record
    struct End {};    // behind the newest committed one, as of opening
    struct Offset {
        std::int64_t value;
    };  // needs a range of one partition
    /// The first record, in the order of offsets, that is not older: one with an earlier time may
    /// lie behind it, as in Kafka. Milliseconds since 1970, of the records' own times.
    struct Time {
        std::int64_t ms;
    };
    using From = std::variant<Start, End, Offset, Time>;
    using Until = std::variant<End, Offset, Time>;

    std::vector<std::string> topics;
    std::optional<std::vector<std::int32_t>> partitions{};  // of each topic; none given: all
    /// An offset below the oldest record is that, one beyond the end is the end as of opening.
    From from = Start{};
    /// The first record that is not of the range any more; at the latest the end as of opening, so
    /// that such a range ends. None given: it goes on with what comes.
    std::optional<Until> until{};
};

/// Reads the committed records of a range. One thread. Opening fails with kUnknownTopic where a
/// topic or partition is not there, or where an offset is given for more than one partition.
class Reader {
public:
    virtual ~Reader() = default;
    /// In order within each partition; empty after `limits.wait` without any, and at once when the
    /// range has ended.
    virtual Result<std::vector<Record>, Failure> read(const PollLimits& limits) = 0;
    /// Everything of the range has been read; of one that goes on, what was in the topics when the
    /// reader was opened.
    virtual bool caught_up() const = 0;
};

}  // namespace snowline::log
