#include "common/log/kafka/client.h"
#include "common/log/kafka/transaction.h"
#include "common/log/topic_name.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

#include <unistd.h>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kAskOffsets = 10s;
constexpr auto kAskLags = 1s;  // for each of two or three questions
/// A pause or a stall of more than the transaction's timeout gets us fenced, too, but not so often:
/// there is another process of our name.
constexpr std::size_t kFencedMax = 5;
constexpr auto kFencedWithin = 60s;

const Settings kConsumerDefaults{
    {"session.timeout.ms", "10000"},  {"heartbeat.interval.ms", "3000"},
    {"reconnect.backoff.ms", "50"},   {"reconnect.backoff.max.ms", "1000"},
    {"socket.nagle.disable", "true"},
};
const Settings kConsumerFixed{
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"isolation.level", "read_committed"},
    {"auto.offset.reset", "earliest"},
    // Not cooperative-sticky: librdkafka 2.0.2 can rebalance for ever with it.
    {"partition.assignment.strategy", "range"},
    {"check.crcs", "true"},
};
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
    {"transaction.timeout.ms", "15000"},
};

std::string host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

PartitionList list_of(const std::vector<Bookmark::Next>& next) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(next.size())));
    for (const auto& [topic, partition, offset, note] : next) {
        auto* entry = rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
        entry->offset = offset;
        if (note.empty()) continue;
        entry->metadata = std::malloc(note.size());  // the list's, which frees it
        if (entry->metadata == nullptr) throw std::bad_alloc();
        std::memcpy(entry->metadata, note.data(), note.size());
        entry->metadata_size = note.size();
    }
    return list;
}

PartitionList list_of(const std::vector<TopicPartition>& partitions) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const auto& [topic, partition] : partitions) {
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    }
    return list;
}

class KafkaHop final : public Hop, private ClientOwner {
public:
    explicit KafkaHop(HopOptions options)
        : ClientOwner(options.input.reports), options_(std::move(options)) {}
    ~KafkaHop() override;

    Result<void, Failure> start();
    Result<Batch, Failure> poll(const PollLimits& limits) override;
    Result<void, Failure> commit(const Bookmark& bookmark, std::vector<Record> outputs) override;
    Result<void, Failure> keep_alive() override;
    const std::vector<Bookmark::Next>& committed() const override { return committed_; }
    void hold(std::vector<TopicPartition> partitions) override;
    Result<std::vector<PartitionLag>, Failure> lags() override;

private:
    Result<void, Failure> recover();
    Result<void, Failure> rewind();
    Result<PartitionList, Failure> ask_committed();
    void lose();
    bool is_fenced_for_good();
    void pause_all();
    void resume_all();
    Result<PartitionList, Failure> offsets_at(const rd_kafka_topic_partition_list_t& partitions,
                                              std::int64_t time) const;
    void rebalanced(rd_kafka_t* consumer, rd_kafka_resp_err_t code,
                    rd_kafka_topic_partition_list_t* partitions) override;
    /// An error that ends the hop, or the next poll's.
    Result<void, Failure> take(const rd_kafka_message_t& message);
    Batch make_batch(const PollLimits& limits);

    HopOptions options_;
    ClientOptions producer_options_{};
    Client consumer_;
    std::optional<TransactionalProducer> producer_;  // none: its transaction's fate is open
    std::deque<Clock::time_point> fenced_;           // of late
    bool rewound_ = true;  // the consumer stands at the committed offsets or behind open batches
    std::vector<Bookmark::Next> committed_;
    bool is_committed_known_ = false;  // for this generation
    bool paused_ = false;
    std::vector<TopicPartition> held_;
    std::uint64_t generation_ = 1;
    std::deque<Record> pending_;  // taken from the consumer, in no batch yet
};

Result<void, Failure> KafkaHop::start() {
    Settings fixed = kConsumerFixed;
    const auto group = options_.input.settings.find("group.id");
    if (group != options_.input.settings.end()) options_.group = group->second;
    fixed["group.id"] = options_.group;
    if (!options_.instance.empty()) fixed["group.instance.id"] = options_.instance;
    auto consumer = make_client({.type = RD_KAFKA_CONSUMER,
                                 .brokers = options_.input.brokers,
                                 .defaults = kConsumerDefaults,
                                 .settings = options_.input.settings,
                                 .fixed = fixed,
                                 .callbacks = Callbacks::kRebalance},
                                *this);
    if (!consumer) return unexpected(consumer.error());
    consumer_ = std::move(*consumer);
    rd_kafka_poll_set_consumer(consumer_.get());

    const std::string instance = options_.instance.empty() ? host_name() : options_.instance;
    producer_options_ = {.type = RD_KAFKA_PRODUCER,
                         .brokers = options_.input.brokers,
                         .defaults = kProducerDefaults,
                         .settings = options_.producer_settings,
                         .fixed = kProducerFixed};
    producer_options_.fixed["transactional.id"] = options_.group + "-" + instance;

    std::vector<std::string> topics = options_.input.topics;
    topics.insert(topics.end(), options_.outputs.begin(), options_.outputs.end());
    const auto missing = options_.input.create_topics ? Missing::kCreate : Missing::kError;
    const auto found = find_topics(consumer_.get(), topics, options_.input.brokers, missing,
                                   options_.input.start_within);
    if (!found) return unexpected(found.error());

    // Before the first offset is asked for: our predecessor's transaction may still be open.
    if (auto ready = recover(); !ready) return ready;
    const PartitionList subscription(rd_kafka_topic_partition_list_new(1));
    for (const std::string& topic : options_.input.topics) {
        rd_kafka_topic_partition_list_add(subscription.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    const auto code = rd_kafka_subscribe(consumer_.get(), subscription.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "subscribing"));
    return {};
}

KafkaHop::~KafkaHop() {
    producer_.reset();
    // Leaves the group at once (a dynamic member), so that others need not wait for the timeout.
    if (consumer_) rd_kafka_consumer_close(consumer_.get());
}

/// A new producer where there is none, then the committed offsets: after that the consumer stands
/// where the group stands.
Result<void, Failure> KafkaHop::recover() {
    if (!producer_) {
        auto producer = TransactionalProducer::start(producer_options_, *this);
        if (!producer) {
            Failure failure = producer.error();
            if (failure.reason == Reason::kFenced && !is_fenced_for_good()) {
                failure.reason = Reason::kUnavailable;
            }
            return unexpected(std::move(failure));
        }
        producer_.emplace(std::move(*producer));
    }
    return rewound_ ? Result<void, Failure>{} : rewind();
}

/// What the group has committed for the partitions that are owned now. The broker answers when the
/// transactions that concern them are settled.
Result<PartitionList, Failure> KafkaHop::ask_committed() {
    rd_kafka_topic_partition_list_t* owned = nullptr;
    auto code = rd_kafka_assignment(consumer_.get(), &owned);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the assignment"));
    PartitionList partitions(owned);
    if (partitions->cnt > 0) {
        code = rd_kafka_committed(consumer_.get(), partitions.get(), ms(kAskOffsets));
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return unexpected(failure_of(code, "the committed offsets"));
        }
    }
    std::vector<Bookmark::Next> committed;
    for (int i = 0; i < partitions->cnt; ++i) {
        const auto& partition = partitions->elems[i];
        if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return unexpected(failure_of(partition.err, "the committed offsets"));
        }
        if (partition.offset < 0) continue;
        auto& next = committed.emplace_back(
            Bookmark::Next{partition.topic, partition.partition, partition.offset});
        if (partition.metadata) {
            next.note.assign(static_cast<const char*>(partition.metadata), partition.metadata_size);
        }
    }
    committed_ = std::move(committed);
    is_committed_known_ = true;
    return partitions;
}

Result<void, Failure> KafkaHop::rewind() {
    auto asked = ask_committed();
    if (!asked) return unexpected(asked.error());
    const PartitionList partitions = std::move(*asked);
    if (partitions->cnt > 0) {
        for (int i = 0; i < partitions->cnt; ++i) {
            auto& partition = partitions->elems[i];
            if (partition.offset < 0) partition.offset = RD_KAFKA_OFFSET_BEGINNING;
        }
        const Handle<rd_kafka_error_t> error(
            rd_kafka_seek_partitions(consumer_.get(), partitions.get(), ms(kAskOffsets)));
        if (error) return unexpected(failure_of(error.get(), "seeking the committed offsets"));
        for (int i = 0; i < partitions->cnt; ++i) {
            const auto failed = partitions->elems[i].err;
            // A partition that is being taken away cannot be sought, and need not be.
            if (failed == RD_KAFKA_RESP_ERR_NO_ERROR || failed == RD_KAFKA_RESP_ERR__STATE)
                continue;
            return unexpected(failure_of(failed, "seeking the committed offsets"));
        }
    }
    pending_.clear();
    rewound_ = true;
    return {};
}

/// Nothing of what was polled and is not committed can be committed any more.
void KafkaHop::lose() {
    ++generation_;
    pending_.clear();
    rewound_ = false;
    is_committed_known_ = false;
}

void KafkaHop::rebalanced(rd_kafka_t* consumer, rd_kafka_resp_err_t code,
                          rd_kafka_topic_partition_list_t* partitions) {
    ++generation_;
    pending_.clear();
    is_committed_known_ = false;
    held_.clear();
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(consumer, nullptr);
        report("kafka: partitions were taken away");
        return;
    }
    // A new assignment begins at the committed offsets; with an open transaction of the previous
    // owner the broker answers only when that is settled.
    rd_kafka_assign(consumer, partitions);
    rewound_ = true;
    if (paused_) rd_kafka_pause_partitions(consumer, partitions);
    report("kafka: " + std::to_string(partitions->cnt) + " partitions are assigned");
}

Result<Batch, Failure> KafkaHop::poll(const PollLimits& limits) {
    if (auto ready = recover(); !ready) return unexpected(ready.error());
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
    if (!pending_.empty() && !is_committed_known_) {
        if (auto asked = ask_committed(); !asked) return unexpected(asked.error());
    }
    return make_batch(limits);
}

Result<void, Failure> KafkaHop::take(const rd_kafka_message_t& message) {
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

Batch KafkaHop::make_batch(const PollLimits& limits) {
    Batch batch{.records = {}, .bookmark = {.next = {}, .generation = generation_}};
    std::size_t bytes = 0;
    auto& next = batch.bookmark.next;
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

Result<void, Failure> KafkaHop::commit(const Bookmark& bookmark, std::vector<Record> outputs) {
    if (bookmark.generation != generation_) {
        return unexpected(Failure{Reason::kStale, "partitions have moved, or a commit failed"});
    }
    for (const Record& record : outputs) {
        if (is_topic_name(record.topic)) continue;
        lose();
        return unexpected(
            Failure{Reason::kUnknownTopic, "not a name for a topic: " + record.topic});
    }
    if (auto ready = recover(); !ready) return ready;
    const PartitionList offsets = list_of(bookmark.next);
    // Anew each time: it names the generation of the group, by which the broker refuses members
    // that have lost their partitions.
    const Handle<rd_kafka_consumer_group_metadata_t> group(
        rd_kafka_consumer_group_metadata(consumer_.get()));
    auto committed = producer_->commit(outputs, *offsets, *group);
    if (committed) return committed;

    producer_.reset();  // before `outputs`, which it may still read
    lose();
    if (committed.error().reason == Reason::kFenced && is_fenced_for_good()) {
        committed.error().message +=
            "; another process uses the same group and snowline.instance (or host): give each its "
            "own";
        return committed;
    }
    // Whatever the first client died of, the next one is new.
    if (committed.error().reason != Reason::kTooLarge &&
        committed.error().reason != Reason::kUnknownTopic &&
        committed.error().reason != Reason::kRefused) {
        committed.error().reason = Reason::kUnavailable;
    }
    return committed;
}

bool KafkaHop::is_fenced_for_good() {
    const auto now = Clock::now();
    fenced_.push_back(now);
    while (now - fenced_.front() > kFencedWithin) fenced_.pop_front();
    return fenced_.size() >= kFencedMax;
}

Result<void, Failure> KafkaHop::keep_alive() {
    pause_all();
    for (;;) {
        const Message message(rd_kafka_consumer_poll(consumer_.get(), 0));
        if (!message) return {};
        if (auto taken = take(*message); !taken) return taken;
    }
}

void KafkaHop::pause_all() {
    if (std::exchange(paused_, true)) return;
    rd_kafka_topic_partition_list_t* owned = nullptr;
    if (rd_kafka_assignment(consumer_.get(), &owned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const PartitionList partitions(owned);
    rd_kafka_pause_partitions(consumer_.get(), partitions.get());
}

void KafkaHop::resume_all() {
    if (!std::exchange(paused_, false)) return;
    rd_kafka_topic_partition_list_t* owned = nullptr;
    if (rd_kafka_assignment(consumer_.get(), &owned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const PartitionList partitions(owned);
    for (const auto& [topic, partition] : held_) {
        rd_kafka_topic_partition_list_del(partitions.get(), topic.c_str(), partition);
    }
    rd_kafka_resume_partitions(consumer_.get(), partitions.get());
}

void KafkaHop::hold(std::vector<TopicPartition> partitions) {
    if (partitions == held_) return;
    if (!paused_ && !held_.empty()) {
        rd_kafka_resume_partitions(consumer_.get(), list_of(held_).get());
    }
    held_ = std::move(partitions);
    if (!held_.empty()) rd_kafka_pause_partitions(consumer_.get(), list_of(held_).get());
}

/// The first offset (RD_KAFKA_OFFSET_BEGINNING) or the end (RD_KAFKA_OFFSET_END) of each.
Result<PartitionList, Failure> KafkaHop::offsets_at(
    const rd_kafka_topic_partition_list_t& partitions, std::int64_t time) const {
    PartitionList list(rd_kafka_topic_partition_list_copy(&partitions));
    for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = time;
    const auto code = rd_kafka_offsets_for_times(consumer_.get(), list.get(), ms(kAskLags));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the ends"));
    return list;
}

Result<std::vector<PartitionLag>, Failure> KafkaHop::lags() {
    std::vector<PartitionLag> lags;
    rd_kafka_topic_partition_list_t* owned = nullptr;
    auto code = rd_kafka_assignment(consumer_.get(), &owned);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the assignment"));
    const PartitionList committed(owned);
    const bool has_any = committed->cnt > 0;
    if (!has_any) {
        // Others have them all, or the group does not work: asking for any offset tells.
        rd_kafka_topic_partition_list_add(committed.get(), options_.input.topics.front().c_str(),
                                          0);
    }
    code = rd_kafka_committed(consumer_.get(), committed.get(), ms(kAskLags));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return unexpected(failure_of(code, "the committed offsets"));
    }
    if (!has_any) return lags;
    const auto ends = offsets_at(*committed, RD_KAFKA_OFFSET_END);
    if (!ends) return unexpected(ends.error());
    const auto begins = offsets_at(*committed, RD_KAFKA_OFFSET_BEGINNING);
    if (!begins) return unexpected(begins.error());
    for (int i = 0; i < committed->cnt; ++i) {
        const auto& [partition, end, begin] =
            std::tie(committed->elems[i], (*ends)->elems[i], (*begins)->elems[i]);
        const bool failed = partition.err != RD_KAFKA_RESP_ERR_NO_ERROR ||
                            end.err != RD_KAFKA_RESP_ERR_NO_ERROR ||
                            begin.err != RD_KAFKA_RESP_ERR_NO_ERROR;
        if (failed) continue;
        // Nothing was committed yet, or what was is beyond the retention.
        const auto from = std::max(partition.offset, begin.offset);
        lags.push_back({.of = {partition.topic, partition.partition},
                        .committed = from,
                        .end = std::max(end.offset, from)});
    }
    return lags;
}

}  // namespace

Result<std::unique_ptr<Hop>, Failure> open_hop(const HopOptions& options) {
    auto hop = std::make_unique<KafkaHop>(options);
    if (auto started = hop->start(); !started) return unexpected(started.error());
    return hop;
}

}  // namespace snowline::log::kafka
