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
/// For a record to send: it is written without a time, for a log that refuses times that are ahead
/// of its own clock (Kafka: `message.timestamp.after.max.ms`). Kafka's retention then goes by the
/// age of its segment.
inline constexpr std::int64_t kNoTimestamp = -1;

struct Record {
    std::string topic;
    std::optional<std::string> key{};
    std::string value{};
    std::vector<Header> headers{};
    std::int64_t timestamp_ms = 0;           // 0 in a record to send: the log's own clock
    std::int32_t partition = kAnyPartition;  // to send: by key (murmur2, as Java clients place it)
    std::int64_t offset = -1;                // set on records that were read
    /// To send: a record without a value, which deletes the key from a compacted topic (Kafka). It
    /// is read back as a record with an empty value.
    bool is_tombstone = false;
};

struct Position {
    std::int32_t partition;
    std::int64_t offset;
};

enum class Reason {
    kFull,         // the log has no room now; the record was not written; retry later
    kQueueFull,    // too many records are in flight; the record was not written; retry soon
    kUnavailable,  // the log cannot be reached, or did not answer in time
    kTooLarge,     // this record can never be written
    kUnknownTopic,
    kUnknownPartition,  // the topic exists without that partition; the record was not written
    kTimestamp,  // the record's time is too far from the log's clock; the record was not written
    kRefused,    // authentication, authorization, or another process owns the target
    kStale,      // the batch is of an older generation: drop the open batches and poll again
    kFenced,     // another writer or group member took over; the object cannot be used any more
    kConflict,   // another program wrote where this record was to be; make a new object
    kBroken,     // the object cannot be used any more for another reason; make a new one
};

struct Failure {
    Reason reason;
    std::string message;            // says what to do next, where something can be done
    bool possibly_written = false;  // the record may be in the log all the same
    std::string topic{};            // the one whose trouble it is, where that is known
    /// Of kTooLarge in a commit, and of kUnavailable where a batch was too large: what records of
    /// the topic may have at most, in the bytes of `record_bytes`. 0: nobody knows.
    std::size_t record_bytes_max = 0;
};

/// Bytes of key, value and headers.
std::size_t record_bytes(const Record& record);

/// Appends records durably: to Kafka's brokers, to SQLite's files, or to standard output.
/// Thread-safe.
class DurableProducer {
public:
    using Reported = std::function<void(Result<Position, Failure>)>;

    virtual ~DurableProducer() = default;
    /// The partition for a record of `bytes`, where writers choose it: by the key, as Kafka's Java
    /// clients do; without a key a sticky one, so that batches become large. A record that has to
    /// go to the same partition whenever it is sent again is to be sent with it. nullopt: the log
    /// chooses the partition itself. Does not block.
    virtual std::optional<std::int32_t> place(const std::string& topic,
                                              std::optional<std::string_view> key,
                                              std::size_t bytes) = 0;
    /// `reported` is called exactly once for each record, on any thread, possibly before `send`
    /// returns; success means durable.
    virtual void send(Record record, Reported reported) = 0;
    /// Blocks until every record sent so far was reported, for `at_most`.
    virtual Result<void, Failure> flush(std::chrono::milliseconds at_most) = 0;
    /// Whether the log would take records now, as far as can be told without sending one. Blocks
    /// for `within` at most. kUnknownTopic: the log answers, and the topic does not exist.
    virtual Result<void, Failure> probe(std::chrono::milliseconds within) = 0;
    /// False: the log has not answered since this object was opened.
    virtual bool was_reached() const = 0;

    struct Queue {
        std::uint64_t records = 0, bytes = 0;  // sent and not reported
        std::uint64_t fatal_errors = 0;        // each made the producer replace the log's client
    };
    virtual Queue queue() const = 0;
};

struct PollLimits {
    std::size_t records_max = 1000;
    std::size_t bytes_max = std::size_t{4} << 20;  // at least one record is returned
    std::chrono::milliseconds wait{100};
};

/// The offsets at which a group continues once a batch is committed.
struct Offsets {
    /// The limit of Kafka's brokers for the metadata of an offset; it holds for every log.
    static constexpr std::size_t kNoteBytesMax = 4096;
    struct Next {
        std::string topic;
        std::int32_t partition;
        std::int64_t offset;  // of the first record behind the batch
        /// Metadata that the group stores beside the offset, in ASCII. Empty from `poll`; committed
        /// with the offset, and returned by `GroupReader::committed`.
        std::string note{};
        bool operator==(const Next&) const = default;
    };
    std::vector<Next> next{};
    /// Incremented when partitions are reassigned, when a commit fails and after
    /// `GroupReader::seek`: records that were polled before and are not committed will be polled
    /// again.
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
    std::int64_t committed;  // where the group continues
    std::int64_t end;        // the offset behind the last record that read_committed readers see
};

/// Records of the partitions that a group member owns, in order within each partition.
struct Batch {
    std::vector<Record> records{};
    Offsets offsets{};
};

/// Reads topics as a member of a group. One thread.
class GroupReader {
public:
    virtual ~GroupReader() = default;
    /// The next records, never the same twice within a generation. Blocks for `limits.wait` where
    /// there are none, then returns an empty batch. A batch (also an empty one) of a newer
    /// generation than the open batches means that those are to be dropped.
    virtual Result<Batch, Failure> poll(const PollLimits& limits) = 0;
    /// To be called at least every second instead of `poll` while the caller has no room for more
    /// records: Kafka removes members that do not poll from the group. Does not block.
    virtual Result<void, Failure> keep_alive() = 0;
    /// What the group had committed when the generation of the last polled records began: offsets
    /// and notes of the member's partitions; partitions without a commit are left out.
    virtual const std::vector<Offsets::Next>& committed() const = 0;
    /// Stops fetching these partitions, until the next call gives others, or none. Records in open
    /// batches stay there, and the next batch may still have some. A new generation resumes all
    /// partitions.
    virtual void pause(std::vector<TopicPartition> partitions) = 0;
    /// The next poll begins a new generation, in which these partitions continue at the given
    /// offsets (notes are ignored) and the others at their committed ones. The offset stays in
    /// force until the partition is committed or reassigned, also over a failed commit. An offset
    /// outside of the log, below or beyond, means the oldest record. kStale, without any effect:
    /// the member does not own one of the partitions. Does not block on brokers.
    virtual Result<void, Failure> seek(const std::vector<Offsets::Next>& to) = 0;
    /// The lag of each partition that the member owns. Asks the log: blocks for milliseconds, or
    /// for seconds where it is away.
    virtual Result<std::vector<PartitionLag>, Failure> lags() = 0;
};

/// Commits output records together with the group's read offsets. Used on the reader's thread.
class Transaction {
public:
    virtual ~Transaction() = default;
    /// Makes `records` visible and moves the group's offsets, both or neither. Batches are
    /// committed in the order they were polled; more than one may be open. After kFenced and
    /// kBroken the member cannot be used any more; after any other failure drop the open batches
    /// and poll again. kTooLarge: the log does not take a record even by itself; one of fewer bytes
    /// may fit. kUnknownTopic and kRefused: nothing was written, and nothing will be until the
    /// topic or its rights are mended. A failure that has `record_bytes_max` tells a limit for the
    /// rows that are made from now on; it holds until `record_limits` says something else, which is
    /// to be asked after the next commit.
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

/// One group member as reader and committer: a commit needs the member's generation.
class GroupMember : public GroupReader, public Transaction {};

/// A part of topics to read, outside any group: for tail, rehearse, replay and reconcile.
struct Range {
    struct Start {};  // the oldest record
    struct End {};    // behind the newest committed one, as of opening
    struct Offset {
        std::int64_t value;
    };  // needs a range of one partition
    /// The first record, by offset, that is not older; as in Kafka, records behind it may be older.
    /// Milliseconds since 1970, compared with the records' own times.
    struct Time {
        std::int64_t ms;
    };
    using From = std::variant<Start, End, Offset, Time>;
    using Until = std::variant<End, Offset, Time>;

    std::vector<std::string> topics;
    std::optional<std::vector<std::int32_t>> partitions{};  // of each topic; nullopt: all
    /// An offset below the oldest record means that one; beyond the end, the end as of opening.
    From from = Start{};
    /// The first record behind the range; at the latest the end as of opening, so that the range is
    /// finite. nullopt: reading goes on with new records.
    std::optional<Until> until{};
};

/// Reads the committed records of a range. One thread. Opening fails with kUnknownTopic where a
/// topic or partition does not exist, or where an offset is given for more than one partition.
class Reader {
public:
    virtual ~Reader() = default;
    /// Records in order within each partition. Blocks for `limits.wait` where there are none, then
    /// returns an empty vector; returns at once when the range has ended.
    virtual Result<std::vector<Record>, Failure> read(const PollLimits& limits) = 0;
    /// Whether everything of the range was read; for a range without end, everything that was there
    /// at opening.
    virtual bool caught_up() const = 0;
};

}  // namespace snowline::log
