#include "common/log/kafka/group_consumer.h"

#include "common/log/kafka/offsets.h"
#include "common/log/kafka/writable_topics.h"

#include <algorithm>
#include <array>
#include <utility>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kAskOffsets = 10s;
constexpr auto kAskTopics = 2s;
constexpr auto kAskLags = 1s;  // for each of two or three questions

const Settings kDefaults{
    {"session.timeout.ms", "10000"},  {"heartbeat.interval.ms", "3000"},
    {"reconnect.backoff.ms", "50"},   {"reconnect.backoff.max.ms", "1000"},
    {"socket.nagle.disable", "true"},
};
const Settings kFixed{
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"isolation.level", "read_committed"},
    {"auto.offset.reset", "earliest"},
    // Not cooperative-sticky: librdkafka 2.0.2 can rebalance for ever with it.
    {"partition.assignment.strategy", "range"},
    {"check.crcs", "true"},
};

}  // namespace

GroupConsumer::GroupConsumer(GroupOptions options)
    : ClientOwner(options.input.reports), options_(std::move(options)) {}

GroupConsumer::~GroupConsumer() {
    // Leaves the group at once (a dynamic member), so that others need not wait for the timeout.
    if (consumer_) rd_kafka_consumer_close(consumer_.get());
}

Result<void, Failure> GroupConsumer::start() {
    Settings fixed = kFixed;
    fixed["group.id"] = options_.group;
    if (!options_.instance.empty()) fixed["group.instance.id"] = options_.instance;
    auto consumer = make_client({.type = RD_KAFKA_CONSUMER,
                                 .brokers = options_.input.brokers,
                                 .defaults = kDefaults,
                                 .settings = options_.input.settings,
                                 .fixed = fixed,
                                 .callbacks = Callbacks::kRebalance},
                                *this);
    if (!consumer) return unexpected(consumer.error());
    consumer_ = std::move(*consumer);
    rd_kafka_poll_set_consumer(consumer_.get());

    std::vector<std::string> topics = options_.input.topics;
    const bool creates = options_.input.create_topics;
    if (creates) topics.insert(topics.end(), options_.outputs.begin(), options_.outputs.end());
    const auto missing = creates ? Missing::kCreate : Missing::kError;
    const auto found = find_topics(consumer_.get(), topics, options_.input.brokers, missing,
                                   options_.input.start_within);
    if (!found) return unexpected(found.error());
    return {};
}

Result<void, Failure> GroupConsumer::subscribe() {
    const PartitionList subscription(rd_kafka_topic_partition_list_new(1));
    for (const std::string& topic : options_.input.topics) {
        rd_kafka_topic_partition_list_add(subscription.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    const auto code = rd_kafka_subscribe(consumer_.get(), subscription.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "subscribing"));
    return {};
}

Result<PartitionList, Failure> GroupConsumer::ask_committed() {
    auto owned = assignment_of(consumer_.get());
    if (!owned) return owned;
    auto partitions = with_committed(consumer_.get(), *std::move(owned), kAskOffsets);
    if (!partitions) return partitions;
    for (int i = 0; i < (*partitions)->cnt; ++i) {
        const auto failed = (*partitions)->elems[i].err;
        if (failed == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        return unexpected(failure_of(failed, "the committed offsets"));
    }
    committed_ = committed_in(**partitions);
    is_committed_known_ = true;
    return partitions;
}

Result<void, Failure> GroupConsumer::rewind() {
    if (rewound_) return {};
    auto asked = ask_committed();
    if (!asked) return unexpected(asked.error());
    const PartitionList partitions = std::move(*asked);
    const auto sought_at = [&](const rd_kafka_topic_partition_t& partition) {
        return sought_.find({partition.topic, partition.partition});
    };
    if (partitions->cnt > 0) {
        for (int i = 0; i < partitions->cnt; ++i) {
            auto& partition = partitions->elems[i];
            const auto sought = sought_at(partition);
            if (sought != sought_.end()) partition.offset = sought->second;
            if (partition.offset < 0) partition.offset = RD_KAFKA_OFFSET_BEGINNING;
        }
        const Handle<rd_kafka_error_t> error(
            rd_kafka_seek_partitions(consumer_.get(), partitions.get(), ms(kAskOffsets)));
        if (error) return unexpected(failure_of(error.get(), "seeking"));
        for (int i = 0; i < partitions->cnt; ++i) {
            const auto& partition = partitions->elems[i];
            if (partition.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
            // A partition whose fetching has not begun yet begins at the committed offset by
            // itself, and one that is being taken away need not be sought. One that is to begin
            // elsewhere has to be sought again.
            const bool is_idle = partition.err == RD_KAFKA_RESP_ERR__STATE;
            if (is_idle && sought_at(partition) == sought_.end()) continue;
            Failure failure = failure_of(partition.err, "seeking");
            if (is_idle) failure.reason = Reason::kUnavailable;
            return unexpected(std::move(failure));
        }
    }
    pending_.clear();
    rewound_ = true;
    return {};
}

void GroupConsumer::begin_generation() {
    ++generation_;
    pending_.clear();
    rewound_ = false;
    is_committed_known_ = false;
    pause({});
}

void GroupConsumer::note_committed(const Offsets& offsets) {
    for (const auto& next : offsets.next) sought_.erase({next.topic, next.partition});
}

void GroupConsumer::rebalanced(rd_kafka_t* consumer, rd_kafka_resp_err_t code,
                               rd_kafka_topic_partition_list_t* partitions) {
    ++generation_;
    pending_.clear();
    is_committed_known_ = false;
    paused_.clear();
    sought_.clear();
    missing_.begin(Clock::now());
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(consumer, nullptr);
        report("kafka: partitions were taken away");
        return;
    }
    drop_missing(*partitions);
    // A new assignment begins at the committed offsets; with an open transaction of the previous
    // owner the broker answers only when that is settled.
    rd_kafka_assign(consumer, partitions);
    rewound_ = true;
    if (all_paused_) rd_kafka_pause_partitions(consumer, partitions);
    report("kafka: " + std::to_string(partitions->cnt) + " partitions are assigned");
}

// A static member gets back what it had, also of a topic that was made again with fewer partitions;
// with one that is not there librdkafka 2.0.2 reads none, and hangs when it is destroyed.
void GroupConsumer::drop_missing(rd_kafka_topic_partition_list_t& partitions) {
    const auto counts = find_topics(consumer_.get(), options_.input.topics, options_.input.brokers,
                                    Missing::kError, kAskTopics);
    if (!counts) return;
    for (int i = partitions.cnt - 1; i >= 0; --i) {
        const auto& partition = partitions.elems[i];
        if (!missing_.is_missing({partition.topic, partition.partition}, *counts)) continue;
        report("kafka: partition " + std::to_string(partition.partition) + " of topic " +
               partition.topic + " was assigned and is not there");
        rd_kafka_topic_partition_list_del_by_idx(&partitions, i);
    }
}

// The group does not share anew for it: it has given the partition to this member.
Result<void, Failure> GroupConsumer::look_for_missing() {
    if (!missing_.is_due(Clock::now())) return {};
    const auto counts = find_topics(consumer_.get(), options_.input.topics, options_.input.brokers,
                                    Missing::kError, kAskTopics);
    if (!counts) {
        missing_.asked_in_vain(Clock::now());
        return {};
    }
    if (!missing_.have_come(*counts, Clock::now())) return {};
    return unexpected(Failure{Reason::kUnknownPartition,
                              "a partition that was assigned and was not there has come; the "
                              "group is joined again to read it"});
}

Result<Batch, Failure> GroupConsumer::poll(const PollLimits& limits) {
    if (auto looked = look_for_missing(); !looked) return unexpected(looked.error());
    resume_all();
    const auto deadline = Clock::now() + limits.wait;
    std::size_t bytes = 0;
    for (const Record& record : pending_) bytes += record.value.size();
    while (pending_.size() < limits.records_max && bytes < limits.bytes_max) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        const int wait = pending_.empty() ? std::max(ms(left), 0) : 0;
        const Message message(rd_kafka_consumer_poll(consumer_.get(), wait));
        if (!message) {
            // A rebalance that was served by this poll has emptied it.
            if (!pending_.empty() || Clock::now() >= deadline) break;
            continue;
        }
        if (auto taken = take(*message); !taken) return unexpected(taken.error());
        bytes += message->len;
    }
    if (is_partition_gone_) {
        return unexpected(Failure{Reason::kUnknownPartition,
                                  "a partition that was assigned is gone: a topic was made again "
                                  "with fewer of them"});
    }
    if (!pending_.empty() && !is_committed_known_) {
        if (auto asked = ask_committed(); !asked) return unexpected(asked.error());
    }
    return make_batch(limits);
}

// librdkafka 2.0.2 reads nothing any more then, and is not told that the group is to share anew.
void GroupConsumer::failed(rd_kafka_resp_err_t code) {
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION) is_partition_gone_ = true;
}

Result<void, Failure> GroupConsumer::take(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        pending_.push_back(record_of(message));
        return {};
    }
    switch (message.err) {
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:  // left the group; polling joins it again
            return {};
        case RD_KAFKA_RESP_ERR__FATAL: {
            std::array<char, 256> why{};
            const auto code = rd_kafka_fatal_error(consumer_.get(), why.data(), why.size());
            return unexpected(failure_of(code, why.data()));
        }
        default:
            return unexpected(failure_of(message.err, rd_kafka_message_errstr(&message)));
    }
}

Batch GroupConsumer::make_batch(const PollLimits& limits) {
    Batch batch{.records = {}, .offsets = {.next = {}, .generation = generation_}};
    std::size_t bytes = 0;
    auto& next = batch.offsets.next;
    while (!pending_.empty() && batch.records.size() < limits.records_max &&
           bytes < limits.bytes_max) {
        Record& record = pending_.front();
        bytes += record.value.size();
        const auto known = std::find_if(next.begin(), next.end(), [&](const auto& entry) {
            return entry.partition == record.partition && entry.topic == record.topic;
        });
        if (known == next.end()) {
            next.push_back({record.topic, record.partition, record.offset + 1});
        } else {
            known->offset = record.offset + 1;
        }
        batch.records.push_back(std::move(record));
        pending_.pop_front();
    }
    return batch;
}

Result<void, Failure> GroupConsumer::keep_alive() {
    pause_all();
    for (;;) {
        const Message message(rd_kafka_consumer_poll(consumer_.get(), 0));
        if (!message) return {};
        if (auto taken = take(*message); !taken) return taken;
    }
}

void GroupConsumer::pause_all() {
    if (std::exchange(all_paused_, true)) return;
    const auto partitions = assignment_of(consumer_.get());
    if (partitions) rd_kafka_pause_partitions(consumer_.get(), partitions->get());
}

void GroupConsumer::resume_all() {
    if (!std::exchange(all_paused_, false)) return;
    const auto partitions = assignment_of(consumer_.get());
    if (!partitions) return;
    for (const auto& [topic, partition] : paused_) {
        rd_kafka_topic_partition_list_del(partitions->get(), topic.c_str(), partition);
    }
    rd_kafka_resume_partitions(consumer_.get(), partitions->get());
}

void GroupConsumer::pause(std::vector<TopicPartition> partitions) {
    if (partitions == paused_) return;
    if (!all_paused_ && !paused_.empty()) {
        rd_kafka_resume_partitions(consumer_.get(), list_of(paused_).get());
    }
    paused_ = std::move(partitions);
    if (!paused_.empty()) rd_kafka_pause_partitions(consumer_.get(), list_of(paused_).get());
}

Result<void, Failure> GroupConsumer::seek(const std::vector<Offsets::Next>& to) {
    const auto owned = assignment_of(consumer_.get());
    if (!owned) return unexpected(owned.error());
    for (const auto& next : to) {
        if (rd_kafka_topic_partition_list_find(owned->get(), next.topic.c_str(), next.partition)) {
            continue;
        }
        return unexpected(Failure{Reason::kStale, "partition " + std::to_string(next.partition) +
                                                      " of topic " + next.topic +
                                                      " is not this member's"});
    }
    for (const auto& next : to) sought_[{next.topic, next.partition}] = next.offset;
    begin_generation();
    return {};
}

Result<std::vector<PartitionLag>, Failure> GroupConsumer::lags() {
    return lags_of(consumer_.get(), options_.input.topics.front(), kAskLags);
}

std::map<std::string, std::size_t> GroupConsumer::message_limits(
    const std::vector<std::string>& topics) {
    return kafka::message_limits(consumer_.get(), topics, kAskTopics);
}

Result<std::vector<Failure>, Failure> GroupConsumer::unwritable(
    const std::vector<std::string>& topics) {
    return unwritable_topics(consumer_.get(), topics, options_.input.brokers, kAskTopics);
}

Handle<rd_kafka_consumer_group_metadata_t> GroupConsumer::metadata() const {
    return Handle<rd_kafka_consumer_group_metadata_t>(
        rd_kafka_consumer_group_metadata(consumer_.get()));
}

}  // namespace snowline::log::kafka
