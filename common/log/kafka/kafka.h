#pragma once

#include "common/log/kafka/settings.h"
#include "common/log/log.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The log on Apache Kafka. Needs brokers of 2.5 or later.
/// Why transactions are as they are: docs/adr/0003-crash-only-transactions.md.
namespace snowline::log::kafka {

/// What happens between us and the brokers, a line each, for the program's log. From any thread.
using Reports = std::function<void(const std::string& line)>;

struct Options {
    std::string brokers;              // host:port, more of them with commas
    std::vector<std::string> topics;  // that are written (producer) or read (hop, reader)
    Settings settings{};              // of the producer; of the consumer for hop and reader
    /// A topic that is missing is an error that prints the command to create it, or is created,
    /// with the cluster's default number of partitions and replicas.
    bool create_topics = false;
    Reports reports{};
    std::chrono::milliseconds start_within{10'000};  // first contact with the cluster
    std::chrono::milliseconds stop_within{10'000};   // for what a producer has not sent yet
};

/// What a producer knows of its cluster.
class PartitionedProducer : public Producer {
public:
    /// How many partitions a topic has; 0 where that is not known: the brokers were never reached,
    /// or have no such topic.
    virtual std::int32_t partitions(const std::string& topic) const = 0;
    /// The partition that Kafka's Java clients choose for a key; nullopt where the topic's
    /// partitions are not known.
    virtual std::optional<std::int32_t> partition_of(const std::string& topic,
                                                     std::string_view key) const = 0;
    /// Asks the brokers for the topics, and takes note of their partitions. kUnavailable where
    /// nobody answers, kUnknownTopic where one is gone. Waits.
    virtual Result<void, Failure> probe(std::chrono::milliseconds within) = 0;

    struct Queue {
        std::uint64_t records = 0, bytes = 0;
    };
    /// Sent and not reported.
    virtual Queue queue() const = 0;
    /// How often the client had to be replaced after a fatal error.
    virtual std::uint64_t fatal_errors() const = 0;
};

/// Idempotent, acks=all; keys are placed as Kafka's Java clients place them. Brokers that cannot be
/// reached are no error at the start: records wait in the queue (`buffer.memory`, 64 MiB) until it
/// is full. The destructor waits for what is on its way, `stop_within` at most; the rest is
/// reported as failed.
Result<std::unique_ptr<PartitionedProducer>, Failure> open_producer(const Options& options);

struct HopOptions {
    Options input;                       // its `group.id`, where it is set, names the group
    std::vector<std::string> outputs{};  // topics that are written
    Settings producer_settings{};
    std::string group;
    /// Set: a static member of the group that takes its partitions back after a restart, so that
    /// there must be no second one of this name. Empty: the host's name tells transactions apart,
    /// and there must be one enricher a host.
    std::string instance{};
};

/// Exactly once: outputs and read offsets in one transaction. A group that is new begins with the
/// oldest records. On kFenced another process has the same group and instance (or host).
Result<std::unique_ptr<Hop>, Failure> open_hop(const HopOptions& options);

/// Makes the topic, compacted and with one partition, where it is missing.
Result<void, Failure> make_compacted_topic(const Options& options, const std::string& topic);

/// Read-committed.
Result<std::unique_ptr<Reader>, Failure> open_reader(const Options& options, From from);

}  // namespace snowline::log::kafka
