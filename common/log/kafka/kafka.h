#pragma once

#include "common/log/kafka/settings.h"
#include "common/log/log.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The log on Apache Kafka. Needs brokers of 2.5 or later.
/// Why transactions are as they are: docs/adr/0003-crash-only-transactions.md.
namespace snowline::log::kafka {

/// What happens between us and the brokers, a line each, for the program's log. From any thread.
using Reports = std::function<void(const std::string& line)>;

struct Options {
    std::string brokers;              // host:port, more of them with commas
    std::vector<std::string> topics;  // that are written (producer) or read (group, reader)
    Settings settings{};              // of the producer; of the consumer for group and reader
    /// A topic that is missing is an error that prints the command to create it, or is created,
    /// with the cluster's default number of partitions and replicas.
    bool create_topics = false;
    Reports reports{};
    std::chrono::milliseconds start_within{10'000};  // first contact with the cluster
    std::chrono::milliseconds stop_within{10'000};   // for what a producer has not sent yet
};

/// Idempotent, acks=all; keys are placed as Kafka's Java clients place them. Brokers that cannot be
/// reached are no error at the start: records wait in the queue (`buffer.memory`, 64 MiB) until it
/// is full. The destructor waits for what is on its way, `stop_within` at most; the rest is
/// reported as failed.
Result<std::unique_ptr<DurableProducer>, Failure> open_producer(const Options& options);

struct GroupOptions {
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
Result<std::unique_ptr<GroupMember>, Failure> join_group(const GroupOptions& options);

/// Makes the topic, compacted and with one partition, where it is missing.
Result<void, Failure> make_compacted_topic(const Options& options, const std::string& topic);

/// Read-committed. The topics are those of the range; the options' are not looked at.
Result<std::unique_ptr<Reader>, Failure> open_reader(const Options& options, const Range& range);

}  // namespace snowline::log::kafka
