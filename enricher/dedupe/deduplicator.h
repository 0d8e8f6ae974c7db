#pragma once

#include "common/log/log.h"
#include "enricher/dedupe/stored_states.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

struct DedupeOptions {
    /// The compacted topic for state that does not fit beside the committed offsets; one of the
    /// outputs. Empty: none, and the state that does not fit is forgotten, the oldest first.
    std::string topic{};
    std::string group{};             // part of the keys, as groups may share the topic
    OpenDedupeReader open_reader{};  // needed with a topic
    /// Instances that were inactive for longer are forgotten.
    std::chrono::minutes window = std::chrono::hours{7 * 24};
    std::function<std::int64_t()> now_ms{};  // empty: the system's clock
};

/// Removes duplicates of earlier records from each batch, by their `snowline-id`.
///
/// The state is committed with the batch, in the notes of its offsets and in records for the topic.
/// Each batch builds on the one before; the first of a generation loads what the group has
/// committed: so deduplication is as exact as the transactions, over restarts and rebalances. One
/// thread.
class Deduplicator {
public:
    explicit Deduplicator(DedupeOptions options);

    /// The result for a batch, to be counted when the batch is committed.
    struct Outcome {
        std::vector<log::Record> to_commit{};  // for the topic, with the batch
        std::uint64_t duplicates = 0;          // removed
        /// Records whose id is invalid, or of another partition (as a mirror may produce). They are
        /// kept.
        std::uint64_t foreign_ids = 0;
        /// Instances and intervals that were forgotten because of the limits.
        std::uint64_t forgotten = 0;
    };

    /// Batches must be given in the order in which they were polled from `reader`, each once. May
    /// block while it reads the topic. After a failure (the topic cannot be read now) retry with
    /// the same batch.
    Result<Outcome, log::Failure> take_duplicates_out(log::Batch& batch,
                                                      const log::GroupReader& reader);

private:
    using Clock = std::chrono::steady_clock;

    Result<void, log::Failure> begin(const log::Batch& batch, const log::GroupReader& reader);
    bool is_copy(const log::Record& record, Outcome& outcome);
    DedupeState& state_of(const DedupePartition& partition);
    void settle(log::Offsets::Next& next, Outcome& outcome);

    DedupeOptions options_;
    std::optional<std::uint64_t> generation_{};  // of the states
    std::optional<Clock::time_point> incomplete_since_{};
    DedupeStates states_{};
};

}  // namespace snowline::enricher
