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
    /// Of what does not fit beside the committed offsets: compacted, one of the outputs.
    /// Empty: there is none, and what does not fit is forgotten, the oldest first.
    std::string topic{};
    std::string group{};             // several may use one topic
    OpenDedupeReader open_reader{};  // needed with a topic
    /// An instance that has been silent for longer is forgotten.
    std::chrono::minutes window = std::chrono::hours{7 * 24};
    std::function<std::int64_t()> now_ms{};  // none: the system's clock
};

/// Takes the copies of earlier records out of each batch, by their `snowline-id`.
///
/// What it has seen is committed with the batch, in the notes of its offsets and in records for
/// the topic. A batch builds on the one before it, the first of a generation on what the group has
/// committed: so it is as exact as the transactions, over restarts and rebalances.
/// One thread.
class Deduplicator {
public:
    explicit Deduplicator(DedupeOptions options);

    /// What happened to a batch; to be counted when it is committed.
    struct Outcome {
        std::vector<log::Record> to_commit{};  // for the topic, with the batch
        std::uint64_t duplicates = 0;          // taken out
        /// Records with an id that is none, or is of another partition (as a mirror may make
        /// them). They stay.
        std::uint64_t foreign_ids = 0;
        /// Instances and intervals that did not fit and are not known any more.
        std::uint64_t forgotten = 0;
    };

    /// Batches in the order in which they were polled from `reader`, each once. After a failure
    /// (the topic cannot be read now) the same batch again, a moment later.
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
