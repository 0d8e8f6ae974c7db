#pragma once

#include "common/log/kafka/topic_limits.h"
#include "common/log/log.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// A record that a broker found too large, alone or with the others of its batch.
struct RefusedRecord {
    std::string topic;
    std::int32_t partition;
    std::size_t bytes;  // as `record_bytes`
};

/// What follows from records that were found too large, and what the caller was told their topics
/// take. One thread.
class Refusals {
public:
    /// Asks for what topics' settings say (`message_limits`).
    using AskLimits =
        std::function<std::map<std::string, std::size_t>(const std::vector<std::string>& topics)>;

    /// `brokers` are for the commands that help.
    Refusals(const TopicLimits::Options& options, AskLimits ask_limits, std::string brokers);

    /// As `Transaction::record_limits`.
    std::map<std::string, std::size_t> record_limits(const std::vector<std::string>& topics);
    /// Of the batches to send.
    std::size_t batch_bytes() const { return limits_.batch_bytes(); }

    /// Of a transaction that failed: one record at least. A broker refuses batches, not records:
    /// only what was refused by itself is too large (kTooLarge). The others go again, in smaller
    /// batches (kUnavailable). Both tell what the topic's records may have. kRefused: the topic
    /// takes none that can be made.
    Failure judge(const std::vector<RefusedRecord>& refused);
    /// The client itself did not take a record.
    Failure judge_unsent(Failure failure);
    /// A transaction was committed.
    void committed() { limits_.committed(); }

private:
    Failure tell(Failure failure);
    Failure too_small(const std::string& topic) const;

    TopicLimits limits_;
    AskLimits ask_limits_;
    std::string brokers_;
    /// By failures. After one the caller makes all rows anew: later ones are made for this limit,
    /// until `record_limits` says something else.
    std::map<std::string, std::size_t> told_;
};

}  // namespace snowline::log::kafka
