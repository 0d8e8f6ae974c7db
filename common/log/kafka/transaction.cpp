#include "common/log/kafka/transaction.h"

#include "common/log/kafka/writable_topics.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Error = Handle<rd_kafka_error_t>;

// All of a transaction. The broker aborts it after `transaction.timeout.ms` of 15 s, so there is no
// use in waiting longer.
constexpr auto kCommit = 15s;
// Shorter, so that who waits for a producer tells it within ten seconds.
constexpr auto kBegin = 8s;
constexpr auto kQueueFull = 50ms;
// Rows are written within milliseconds. Where it takes longer, topics are looked at, for
// librdkafka tries a topic that is gone again and again.
constexpr auto kLookAfter = 2s;
constexpr auto kLookEvery = 1s;
constexpr auto kTryTopic = 3s;
/// A pause or a stall of more than the transaction's timeout gets us fenced, too, but not so often:
/// there is another process of our name.
constexpr std::size_t kFencedMax = 5;
constexpr auto kFencedWithin = 60s;

int ms_until(Clock::time_point deadline) {
    return std::max(ms(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now())), 1);
}

/// A record of each topic.
std::vector<const Record*> one_of_each_topic(const std::vector<Record>& records) {
    std::map<std::string_view, const Record*> found;
    for (const Record& record : records) found.emplace(record.topic, &record);
    std::vector<const Record*> out;
    for (const auto& [topic, record] : found) out.push_back(record);
    return out;
}

std::size_t number(const Settings& settings, const std::string& name, std::size_t otherwise) {
    const auto found = settings.find(name);
    if (found == settings.end()) return otherwise;
    std::size_t value = 0;
    const char* const end = found->second.data() + found->second.size();
    const auto parsed = std::from_chars(found->second.data(), end, value);
    return parsed.ec == std::errc() ? value : otherwise;  // librdkafka says what is wrong with it
}

/// As the client will have it; what is not set is librdkafka's default.
TopicLimits::Options limits_of(const ClientOptions& options) {
    Settings settings = options.defaults;
    if (const auto translated = translate(options.settings)) {
        for (const auto& [name, value] : translated->values) settings[name] = value;
    }
    const auto is_compressed = [&](const char* name) {
        const auto found = settings.find(name);
        return found != settings.end() && found->second != "none";
    };
    return {
        .request_bytes_max = number(settings, "message.max.bytes", 1'000'000),
        .batch_bytes = number(settings, "batch.size", 1'000'000),
        .is_compressed = is_compressed("compression.type") || is_compressed("compression.codec")};
}

bool is_too_large(const Undelivered& one) {
    return failure_of(one.code, "").reason == Reason::kTooLarge;
}

bool is_not_allowed(const Undelivered& one) {
    return one.code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

/// Of a record that the client did not take. Its topic is named where it is to blame.
Failure not_taken(const Record& record, rd_kafka_resp_err_t code) {
    Failure failure = failure_of(code, "a row for topic " + record.topic);
    if (failure.reason == Reason::kTooLarge || failure.reason == Reason::kUnknownTopic) {
        failure.topic = record.topic;
    }
    if (failure.reason == Reason::kTooLarge) failure.record_bytes_max = record_bytes(record);
    return failure;
}

}  // namespace

Result<TransactionalProducer, Failure> TransactionalProducer::start(const ClientOptions& options,
                                                                    ClientOwner& owner) {
    auto client = make_client(options, owner);
    if (!client) return unexpected(client.error());
    const auto deadline = Clock::now() + kBegin;
    const Error error(rd_kafka_init_transactions(client->get(), ms_until(deadline)));
    if (error) {
        Failure failure = failure_of(error.get(), "transactions cannot be begun");
        if (failure.reason == Reason::kRefused) {
            // Somebody may give the right back; nothing is committed meanwhile.
            failure.reason = Reason::kUnavailable;
            failure.message += "; allow it: kafka-acls.sh --bootstrap-server " + options.brokers +
                               " --add --allow-principal User:NAME --operation Write --operation "
                               "Describe --transactional-id " +
                               options.fixed.at("transactional.id");
        }
        return unexpected(std::move(failure));
    }
    // Knows all topics before the first record: librdkafka 2.0.2 would ask only after a second.
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(client->get(), 1, nullptr, &metadata, ms_until(deadline));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the topics"));
    rd_kafka_metadata_destroy(metadata);
    return TransactionalProducer(std::move(*client), options.brokers);
}

TransactionalProducer::~TransactionalProducer() {
    if (!client_) return;
    // Nothing that is still queued may go out behind our back.
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

Result<void, Failure> TransactionalProducer::commit(
    const std::vector<Record>& outputs, const rd_kafka_topic_partition_list_t& offsets,
    const rd_kafka_consumer_group_metadata_t& group) {
    auto committed = try_to_commit(outputs, offsets, group);
    // What was reported until now says what went wrong.
    while (!committed && rd_kafka_poll(client_.get(), 0) > 0) {
    }
    return committed;
}

Result<void, Failure> TransactionalProducer::try_to_commit(
    const std::vector<Record>& outputs, const rd_kafka_topic_partition_list_t& offsets,
    const rd_kafka_consumer_group_metadata_t& group) {
    const auto deadline = Clock::now() + kCommit;
    const Error begun(rd_kafka_begin_transaction(client_.get()));
    if (begun) return result_of(begun, "the transaction was not begun");
    for (const Record& record : outputs) {
        const auto code = send(record, deadline);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        if (code != RD_KAFKA_RESP_ERR__STATE && code != RD_KAFKA_RESP_ERR__FATAL) {
            return unexpected(not_taken(record, code));
        }
        // It has failed of something before this row, and says so when it is asked to go on.
        const Error failed(rd_kafka_send_offsets_to_transaction(client_.get(), &offsets, &group,
                                                                ms_until(deadline)));
        if (failed) return result_of(failed, "the transaction failed");
        return unexpected(not_taken(record, code));
    }
    const Error added(
        rd_kafka_send_offsets_to_transaction(client_.get(), &offsets, &group, ms_until(deadline)));
    if (added) return result_of(added, "the read offsets were not added to the transaction");
    if (auto delivered = deliver(outputs, deadline); !delivered) return delivered;
    const Error committed(rd_kafka_commit_transaction(client_.get(), ms_until(deadline)));
    return result_of(committed, "the transaction was not committed");
}

Result<void, Failure> TransactionalProducer::result_of(const Error& error, const char* what) {
    if (!error) return {};
    code_ = rd_kafka_error_code(error.get());
    return unexpected(failure_of(error.get(), what));
}

rd_kafka_resp_err_t TransactionalProducer::send(const Record& record, Time deadline) {
    for (;;) {
        const auto code = produce(client_.get(), record, const_cast<Record*>(&record));
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL || Clock::now() > deadline) return code;
        rd_kafka_poll(client_.get(), ms(kQueueFull));
    }
}

// Those that are not written are told to the owner; the commit then fails.
Result<void, Failure> TransactionalProducer::deliver(const std::vector<Record>& outputs,
                                                     Time deadline) {
    auto within = std::chrono::milliseconds(kLookAfter);
    while (rd_kafka_flush(client_.get(), ms(within)) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::vector<std::string> topics;
        for (const Record* record : one_of_each_topic(outputs)) topics.push_back(record->topic);
        const auto unwritable = unwritable_topics(client_.get(), topics, brokers_, kLookEvery);
        if (unwritable && !unwritable->empty()) return unexpected(unwritable->front());
        if (Clock::now() > deadline) break;  // the commit says what is the matter
        within = kLookEvery;
    }
    return {};
}

rd_kafka_resp_err_t TransactionalProducer::try_one(const Record& record) {
    if (!std::exchange(has_begun_, true)) {
        const Error begun(rd_kafka_begin_transaction(client_.get()));
        if (begun) return rd_kafka_error_code(begun.get());
    }
    auto code = send(record, Clock::now() + kTryTopic);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        code = rd_kafka_flush(client_.get(), ms(kTryTopic));
        // Written, not yet, or dropped, since the transaction has failed: then it takes no further
        // record.
        if (produce(client_.get(), record, const_cast<Record*>(&record)) !=
            RD_KAFKA_RESP_ERR__STATE) {
            return code;
        }
        code = RD_KAFKA_RESP_ERR__STATE;
    }
    if (code != RD_KAFKA_RESP_ERR__STATE) return code;
    // Nor can it be committed; that call says what it has failed of.
    const Error failed(rd_kafka_commit_transaction(client_.get(), ms(kTryTopic)));
    return failed ? rd_kafka_error_code(failed.get()) : code;
}

Transactions::Transactions(ClientOptions options, Reports reports, Refusals::AskLimits ask_limits)
    : ClientOwner(std::move(reports)),
      options_(std::move(options)),
      refusals_(limits_of(options_), std::move(ask_limits), options_.brokers) {}

Result<void, Failure> Transactions::settle() {
    if (producer_ && batch_bytes_ == refusals_.batch_bytes()) return {};
    producer_.reset();
    ClientOptions options = options_;
    batch_bytes_ = refusals_.batch_bytes();
    options.fixed["batch.size"] = std::to_string(batch_bytes_);
    auto producer = TransactionalProducer::start(options, *this);
    if (!producer) {
        Failure failure = producer.error();
        if (failure.reason == Reason::kFenced && !is_fenced_for_good()) {
            failure.reason = Reason::kUnavailable;
        }
        return unexpected(std::move(failure));
    }
    producer_.emplace(std::move(*producer));
    return {};
}

Result<void, Failure> Transactions::commit(const std::vector<Record>& outputs,
                                           const rd_kafka_topic_partition_list_t& offsets,
                                           const rd_kafka_consumer_group_metadata_t& group) {
    undelivered_.clear();
    auto committed = producer_->commit(outputs, offsets, group);
    if (committed) {
        refusals_.committed();
        return committed;
    }
    const bool is_topic_refused = producer_->is_topic_refused();
    producer_.reset();  // now: it may still read `outputs`
    return unexpected(judge(std::move(committed.error()), outputs, is_topic_refused));
}

/// What there is to do about a commit that failed, if anything. Whatever its client died of, the
/// next one is new.
Failure Transactions::judge(Failure failure, const std::vector<Record>& outputs,
                            bool is_topic_refused) {
    std::vector<RefusedRecord> refused;
    for (const Undelivered& one : undelivered_) {
        if (!is_too_large(one)) continue;
        refused.push_back({one.record->topic, one.partition, record_bytes(*one.record)});
    }
    if (!refused.empty()) return refusals_.judge(refused);
    // Without a topic a broker has refused it, and what it refused is not reported yet.
    if (failure.reason == Reason::kTooLarge && !failure.topic.empty()) {
        return refusals_.judge_unsent(std::move(failure));
    }
    if (failure.reason == Reason::kFenced && is_fenced_for_good()) {
        failure.message +=
            "; another process uses the same group and snowline.instance (or host): give each its "
            "own";
        return failure;
    }
    for (const Undelivered& one : undelivered_) {
        const Failure found = failure_of(one.code, "not written to topic " + one.record->topic);
        if (found.reason != Reason::kUnknownTopic && found.reason != Reason::kRefused) continue;
        return with_help(found, one.record->topic, options_.brokers);
    }
    if (failure.reason == Reason::kUnknownTopic || failure.reason == Reason::kRefused) {
        if (!failure.topic.empty() || !is_topic_refused) return failure;
        if (const auto topic = find_refused(outputs)) {
            return with_help(std::move(failure), *topic, options_.brokers);
        }
        return failure;
    }
    failure.reason = Reason::kUnavailable;
    return failure;
}

/// Tries a record of each topic, in a transaction that is aborted by the next producer.
std::optional<std::string> Transactions::find_refused(const std::vector<Record>& outputs) {
    const auto records = one_of_each_topic(outputs);
    if (records.size() == 1) return records.front()->topic;
    auto producer = TransactionalProducer::start(options_, *this);
    if (!producer) return std::nullopt;
    undelivered_.clear();
    for (const Record* record : records) {
        const auto code = producer->try_one(*record);
        const bool is_reported =
            std::any_of(undelivered_.begin(), undelivered_.end(), is_not_allowed);
        if (is_reported || code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
            return record->topic;
        }
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
    }
    return std::nullopt;
}

void Transactions::delivered(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    undelivered_.push_back({.record = static_cast<const Record*>(message._private),
                            .partition = message.partition,
                            .code = message.err});
}

bool Transactions::is_fenced_for_good() {
    const auto now = std::chrono::steady_clock::now();
    fenced_.push_back(now);
    while (now - fenced_.front() > kFencedWithin) fenced_.pop_front();
    return fenced_.size() >= kFencedMax;
}

}  // namespace snowline::log::kafka
