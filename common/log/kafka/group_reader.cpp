#include "common/log/kafka/group_consumer.h"
#include "common/log/kafka/offsets.h"
#include "common/log/kafka/transaction.h"
#include "common/log/topic_name.h"

#include <array>
#include <utility>

#include <unistd.h>

namespace snowline::log::kafka {
namespace {

const Settings kProducerDefaults{
    {"linger.ms", "5"},
    // After a commit the coordinator needs some milliseconds until the next transaction may begin;
    // that is an error to be tried again after this time.
    {"retry.backoff.ms", "5"},
    // The broker's default for a record with everything around it; rows are cut to 1,000,000 bytes.
    {"message.max.bytes", "1048576"},
    {"reconnect.backoff.ms", "50"},
    {"reconnect.backoff.max.ms", "1000"},
    {"socket.nagle.disable", "true"},
};
const Settings kProducerFixed{
    {"acks", "all"},
    {"enable.idempotence", "true"},
    {"partitioner", "murmur2_random"},
    {"delivery.report.only.error", "true"},
    {"transaction.timeout.ms", "15000"},
};

std::string host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

GroupOptions with_group(GroupOptions options) {
    const auto named = options.input.settings.find("group.id");
    if (named != options.input.settings.end()) options.group = named->second;
    return options;
}

ClientOptions producer_of(const GroupOptions& options) {
    ClientOptions producer{.type = RD_KAFKA_PRODUCER,
                           .brokers = options.input.brokers,
                           .defaults = kProducerDefaults,
                           .settings = options.producer_settings,
                           .fixed = kProducerFixed,
                           .callbacks = Callbacks::kDelivery};
    producer.fixed["transactional.id"] =
        options.group + "-" + (options.instance.empty() ? host_name() : options.instance);
    return producer;
}

/// A consumer, and transactions that carry its read positions. No offset is asked for while one of
/// our transactions may be open: that is what `recover` is for.
class KafkaMember final : public GroupMember {
public:
    /// `options.group` is the group.
    explicit KafkaMember(const GroupOptions& options)
        : consumer_(options),
          transactions_(producer_of(options), options.input.reports,
                        [this](const std::vector<std::string>& topics) {
                            return consumer_.message_limits(topics);
                        }) {}

    Result<void, Failure> start() {
        if (auto started = consumer_.start(); !started) return started;
        // Before the first offset is asked for: our predecessor's transaction may still be open.
        if (auto ready = recover(); !ready) return ready;
        return consumer_.subscribe();
    }

    Result<Batch, Failure> poll(const PollLimits& limits) override {
        if (auto ready = recover(); !ready) return unexpected(ready.error());
        return consumer_.poll(limits);
    }
    Result<void, Failure> commit(const Offsets& offsets, std::vector<Record> records) override;

    Result<void, Failure> keep_alive() override { return consumer_.keep_alive(); }
    const std::vector<Offsets::Next>& committed() const override { return consumer_.committed(); }
    void pause(std::vector<TopicPartition> partitions) override {
        consumer_.pause(std::move(partitions));
    }
    Result<void, Failure> seek(const std::vector<Offsets::Next>& to) override {
        return consumer_.seek(to);
    }
    Result<std::vector<PartitionLag>, Failure> lags() override { return consumer_.lags(); }
    std::map<std::string, std::size_t> record_limits(
        const std::vector<std::string>& topics) override {
        return transactions_.record_limits(topics);
    }
    Result<std::vector<Failure>, Failure> unwritable(
        const std::vector<std::string>& topics) override {
        return consumer_.unwritable(topics);
    }

private:
    /// Settles what became of our last transaction, then takes the consumer to where the group
    /// stands.
    Result<void, Failure> recover() {
        if (auto settled = transactions_.settle(); !settled) return settled;
        return consumer_.rewind();
    }

    GroupConsumer consumer_;
    Transactions transactions_;  // goes first
};

Result<void, Failure> KafkaMember::commit(const Offsets& offsets, std::vector<Record> records) {
    if (offsets.generation != consumer_.generation()) {
        return unexpected(
            Failure{Reason::kStale, "partitions have moved or were sought, or a commit failed"});
    }
    for (const Record& record : records) {
        if (is_topic_name(record.topic)) continue;
        consumer_.begin_generation();
        return unexpected(Failure{.reason = Reason::kUnknownTopic,
                                  .message = "not a name for a topic: " + record.topic,
                                  .topic = record.topic});
    }
    if (auto ready = recover(); !ready) {
        // What was polled stays uncommitted, so that reading must not go on behind it.
        consumer_.begin_generation();
        return ready;
    }
    const PartitionList next = list_of(offsets.next);
    const auto group = consumer_.metadata();
    const auto committed = transactions_.commit(records, *next, *group);
    if (committed) {
        consumer_.note_committed(offsets);
    } else {
        consumer_.begin_generation();
    }
    return committed;
}

}  // namespace

Result<std::unique_ptr<GroupMember>, Failure> join_group(const GroupOptions& options) {
    auto member = std::make_unique<KafkaMember>(with_group(options));
    if (auto started = member->start(); !started) return unexpected(started.error());
    return member;
}

}  // namespace snowline::log::kafka
