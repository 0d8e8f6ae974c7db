#include "common/log/kafka/batches.h"
#include "common/log/kafka/client.h"
#include "common/log/kafka/sticky_partitioner.h"
#include "common/log/topic_name.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;

using Clock = std::chrono::steady_clock;

constexpr auto kPurge = 1s;
constexpr auto kPoll = 100ms;

const Settings kDefaults{
    // Twice librdkafka's own: a partition has one batch under way, and larger ones cost less.
    {"linger.ms", "10"},
    {"queue.buffering.max.kbytes", "65536"},
    {"queue.buffering.max.messages", "1000000"},
    // A record that is in flight may be written at any time. So it is never given up: those who
    // wait for it have deadlines of their own, and the queue is bounded.
    {"message.timeout.ms", "0"},
    // The broker's default for a record with everything around it, and the Java client's.
    {"message.max.bytes", "1048576"},
    {"reconnect.backoff.ms", "50"},
    {"reconnect.backoff.max.ms", "1000"},
    {"socket.nagle.disable", "true"},
};
const Settings kFixed{
    {"acks", "all"},
    {"enable.idempotence", "true"},
    {"partitioner", "murmur2_random"},
};

/// The client is replaced after a fatal error of the idempotent producer: records that are written
/// for certain or not at all were reported so, and what comes later goes to the new one.
class KafkaProducer final : public DurableProducer, private ClientOwner {
public:
    explicit KafkaProducer(Options options)
        : ClientOwner(options.reports), options_(std::move(options)) {
        // Each producer begins somewhere else, so that they do not all write to one partition.
        for (const std::string& topic : options_.topics) {
            sticky_.try_emplace(topic, std::random_device{}());
        }
    }

    ~KafkaProducer() override {
        if (!client_) return;
        (void)flush(options_.stop_within);
        stopping_ = true;
        thread_.join();
        give_up_held();
        drop(std::move(client_));
    }

    Result<void, Failure> start() {
        auto client = new_client();
        if (!client) return unexpected(client.error());
        client_ = std::shared_ptr<rd_kafka_t>(std::move(*client));
        make_batches();
        if (!options_.topics.empty()) {
            const auto missing = options_.create_topics ? Missing::kCreate : Missing::kError;
            const auto found = find_topics(client_.get(), options_.topics, options_.brokers,
                                           missing, options_.start_within);
            if (found) {
                note(*found);
            } else if (found.error().reason != Reason::kUnavailable) {
                client_.reset();
                return unexpected(found.error());
            } else {
                report("kafka: " + found.error().message + "; records will wait");
            }
        }
        thread_ = std::thread([this] { run(); });
        return {};
    }

    void send(Record record, Reported reported) override {
        if (auto wrong = wrong_place(record)) {
            reported(unexpected(std::move(*wrong)));
            return;
        }
        if (record.partition == kAnyPartition && is_limited(record.topic)) {
            record.partition =
                place(record.topic, record.key, record.value.size()).value_or(kAnyPartition);
        }
        if (auto* sticky = sticky_of(record)) sticky->sent(record.partition);
        auto sent = std::make_unique<Sent>(Sent{std::move(record), std::move(reported)});
        bool is_full = false;
        {
            const std::lock_guard lock(mutex_);
            is_full = open_bytes_ > bytes_max_;
            ++sent_;
            open_bytes_ += sent->record.value.size();
            if (!is_full) sent = batches_->admit(std::move(sent), Clock::now());
        }
        if (is_full) {
            sent->reported(unexpected(not_sent(sent->record, RD_KAFKA_RESP_ERR__QUEUE_FULL)));
            count_reported(*sent);
        } else if (sent) {
            hand_over(std::move(sent));
        }
    }

    std::optional<std::int32_t> place(const std::string& topic, std::optional<std::string_view> key,
                                      std::size_t bytes) override {
        const int count = partitions(topic);
        // Of a cluster that was never reached only one partition is known to be there.
        if (count == 0) return 0;
        const auto sticky = sticky_.find(topic);
        if (!key && sticky != sticky_.end()) return sticky->second.take(count, bytes, Clock::now());
        const std::string_view hashed = key.value_or("");
        // The topic is not looked at.
        return rd_kafka_msg_partitioner_murmur2(nullptr, hashed.data(), hashed.size(), count,
                                                nullptr, nullptr);
    }

    bool was_reached() const override {
        const std::lock_guard lock(mutex_);
        return !partitions_.empty();
    }

    Result<void, Failure> probe(std::chrono::milliseconds within) override {
        const std::shared_ptr<rd_kafka_t> client = current();
        // A topic that was there and is gone is not made again behind the operator's back.
        const bool may_create = options_.create_topics && !was_reached();
        const auto missing = may_create ? Missing::kCreate : Missing::kError;
        const auto found =
            find_topics(client.get(), options_.topics, options_.brokers, missing, within);
        if (!found) return unexpected(found.error());
        note(*found);
        return {};
    }

    Queue queue() const override {
        const std::lock_guard lock(mutex_);
        return {.records = sent_ - reported_, .bytes = open_bytes_, .fatal_errors = fatal_errors_};
    }

    Result<void, Failure> flush(std::chrono::milliseconds at_most) override {
        std::unique_lock lock(mutex_);
        const std::uint64_t target = sent_;
        if (all_reported_.wait_for(lock, at_most, [&] { return reported_ >= target; })) return {};
        return unexpected(
            Failure{Reason::kUnavailable, "Kafka has not acknowledged all records in time"});
    }

private:
    Result<Client, Failure> new_client() {
        return make_client({.type = RD_KAFKA_PRODUCER,
                            .brokers = options_.brokers,
                            .defaults = kDefaults,
                            .settings = options_.settings,
                            .fixed = kFixed,
                            .callbacks = Callbacks::kDelivery},
                           *this);
    }

    void make_batches() {
        // librdkafka has checked them.
        const auto number = [&](const std::string& name) {
            const auto given = options_.settings.find(name);
            return std::stod(given != options_.settings.end() ? given->second : kDefaults.at(name));
        };
        const std::chrono::duration<double, std::milli> linger(number("linger.ms"));
        batches_.emplace(std::chrono::duration_cast<std::chrono::microseconds>(linger));
        bytes_max_ = static_cast<std::uint64_t>(number("queue.buffering.max.kbytes") * 1024);
    }

    static Failure not_sent(const Record& record, rd_kafka_resp_err_t code) {
        Failure failure = failure_of(code, "not sent to topic " + record.topic);
        if (failure.reason == Reason::kBroken) failure.reason = Reason::kUnavailable;
        return failure;
    }

    void hand_over(std::unique_ptr<Sent> sent) {
        const auto code = produce(current().get(), sent->record, sent.get());
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            (void)sent.release();  // until `delivered`
            return;
        }
        sent->reported(unexpected(not_sent(sent->record, code)));
        hand_over_all(count_handed_over(*sent));
    }

    /// What was held while its partition had a batch under way.
    void hand_over_all(Batches::Records records) {
        while (!records.empty()) {
            const std::string topic = records.front()->record.topic;
            const std::int32_t partition = records.front()->record.partition;
            for (auto& sent : records) hand_over(std::move(sent));
            const std::lock_guard lock(mutex_);
            records = batches_->handed_over(topic, partition, Clock::now());
        }
    }

    void give_up_held() {
        Batches::Records held;
        {
            const std::lock_guard lock(mutex_);
            held = batches_->take_held();
        }
        for (const auto& sent : held) {
            sent->reported(unexpected(not_sent(sent->record, RD_KAFKA_RESP_ERR__PURGE_QUEUE)));
            count_reported(*sent);
        }
    }

    std::shared_ptr<rd_kafka_t> current() {
        const std::lock_guard lock(mutex_);
        return client_;
    }

    void run() noexcept {
        while (!stopping_) {
            const auto client = current();
            rd_kafka_poll(client.get(), ms(kPoll));
            std::array<char, 256> why{};
            if (rd_kafka_fatal_error(client.get(), why.data(), why.size()) !=
                RD_KAFKA_RESP_ERR_NO_ERROR) {
                replace(why.data());
            }
        }
    }

    void replace(const std::string& why) {
        auto client = new_client();
        if (!client) return;  // tried again at the next poll
        ++fatal_errors_;
        report("kafka: the producer is replaced: " + why);
        std::shared_ptr<rd_kafka_t> next(std::move(*client));
        {
            const std::lock_guard lock(mutex_);
            std::swap(client_, next);
        }
        drop(std::move(next));
    }

    /// Reports everything that the client still holds.
    void drop(std::shared_ptr<rd_kafka_t> client) {
        rd_kafka_purge(client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(client.get(), ms(kPurge));
    }

    void delivered(const rd_kafka_message_t& message) override {
        std::unique_ptr<Sent> sent(static_cast<Sent*>(message._private));
        if (failure_of(message.err, "").reason == Reason::kTooLarge && !stopping_) {
            sent = send_again(std::move(sent), message.partition);
            if (!sent) return;
        }
        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            sent->reported(Position{.partition = message.partition, .offset = message.offset});
        } else {
            Failure failure = failure_of(message.err, "not written to topic " + sent->record.topic);
            if (failure.reason == Reason::kBroken || failure.reason == Reason::kFenced) {
                failure.reason = Reason::kUnavailable;  // the client will be replaced
            }
            failure.possibly_written =
                rd_kafka_message_status(&message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
            sent->reported(unexpected(std::move(failure)));
        }
        hand_over_all(count_handed_over(*sent));
    }

    /// Null: it goes again, in a smaller batch. The broker has refused a batch, and only a record
    /// that was one by itself is too large.
    std::unique_ptr<Sent> send_again(std::unique_ptr<Sent> sent, std::int32_t partition) {
        if (sent->record.partition == kAnyPartition && partition < 0) return sent;
        std::unique_ptr<Sent> now;
        Batches::Records next;
        {
            const std::lock_guard lock(mutex_);
            if (sent->record.partition == kAnyPartition) {
                batches_->limit(sent->record.topic);
                sent->record.partition = partition;
                if (auto* sticky = sticky_of(sent->record)) sticky->sent(partition);
                now = batches_->admit(std::move(sent), Clock::now());
            } else {
                const Record place{.topic = sent->record.topic,
                                   .partition = sent->record.partition};
                sent = batches_->refused(std::move(sent));
                if (sent) return sent;  // `delivered` reports it
                next = batches_->reported(place, Clock::now());
            }
        }
        if (now) hand_over(std::move(now));
        hand_over_all(std::move(next));
        return nullptr;
    }

    bool is_limited(const std::string& topic) const {
        const std::lock_guard lock(mutex_);
        return batches_->is_limited(topic);
    }

    /// What would otherwise be found out late (a name that no broker takes) or by a crash:
    /// librdkafka 2.0.2 frees headers twice when a partition is asked for that is not there.
    std::optional<Failure> wrong_place(const Record& record) const {
        if (!is_topic_name(record.topic)) {
            return Failure{Reason::kUnknownTopic, "not a name for a topic: " + record.topic};
        }
        if (record.partition == kAnyPartition) return std::nullopt;
        const int count = partitions(record.topic);
        if (record.partition >= 0 && record.partition < count) return std::nullopt;
        return Failure{
            count == 0 ? Reason::kUnknownTopic : Reason::kUnknownPartition,
            "topic " + record.topic + " has no partition " + std::to_string(record.partition)};
    }

    /// 0 where that is not known: the brokers were never reached, or have no such topic.
    std::int32_t partitions(const std::string& topic) const {
        const std::lock_guard lock(mutex_);
        const auto found = partitions_.find(topic);
        return found == partitions_.end() ? 0 : found->second;
    }

    StickyPartitioner* sticky_of(const Record& record) {
        if (record.partition == kAnyPartition) return nullptr;
        const auto found = sticky_.find(record.topic);
        return found == sticky_.end() ? nullptr : &found->second;
    }

    void note(const std::map<std::string, int>& partitions) {
        const std::lock_guard lock(mutex_);
        partitions_ = partitions;
    }
    void count_reported(const Sent& sent) {
        if (auto* sticky = sticky_of(sent.record)) sticky->reported(sent.record.partition);
        {
            const std::lock_guard lock(mutex_);
            ++reported_;
            open_bytes_ -= sent.record.value.size();
        }
        all_reported_.notify_all();
    }
    /// One that librdkafka had, or would not take: gives what comes next.
    Batches::Records count_handed_over(const Sent& sent) {
        count_reported(sent);
        const std::lock_guard lock(mutex_);
        return batches_->reported(sent.record, Clock::now());
    }

    const Options options_;
    std::map<std::string, StickyPartitioner> sticky_;  // of each topic; the map stays as it is
    mutable std::mutex mutex_;
    std::condition_variable all_reported_;
    std::map<std::string, int> partitions_;
    std::optional<Batches> batches_;      // from the start on
    std::shared_ptr<rd_kafka_t> client_;  // shared with sends that are under way
    std::uint64_t sent_ = 0, reported_ = 0, open_bytes_ = 0, bytes_max_ = 0;
    std::atomic<std::uint64_t> fatal_errors_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<DurableProducer>, Failure> open_producer(const Options& options) {
    auto producer = std::make_unique<KafkaProducer>(options);
    if (auto started = producer->start(); !started) return unexpected(started.error());
    return producer;
}

}  // namespace snowline::log::kafka
