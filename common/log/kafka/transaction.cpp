#include "common/log/kafka/transaction.h"

#include <utility>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
using Error = Handle<rd_kafka_error_t>;

// The broker aborts a transaction after `transaction.timeout.ms` of 15 s, so there is no use in
// waiting longer for one.
constexpr auto kStep = 15s;
constexpr auto kQueueFull = 50ms;
/// A pause or a stall of more than the transaction's timeout gets us fenced, too, but not so often:
/// there is another process of our name.
constexpr std::size_t kFencedMax = 5;
constexpr auto kFencedWithin = 60s;

Result<void, Failure> result_of(const Error& error, const char* what) {
    if (!error) return {};
    return unexpected(failure_of(error.get(), what));
}

}  // namespace

Result<TransactionalProducer, Failure> TransactionalProducer::start(const ClientOptions& options,
                                                                    ClientOwner& owner) {
    auto client = make_client(options, owner);
    if (!client) return unexpected(client.error());
    const Error error(rd_kafka_init_transactions(client->get(), ms(kStep)));
    if (auto done = result_of(error, "transactions cannot be begun"); !done) {
        return unexpected(done.error());
    }
    // Knows all topics before the first record: librdkafka 2.0.2 would ask only after a second.
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(client->get(), 1, nullptr, &metadata, ms(kStep));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the topics"));
    rd_kafka_metadata_destroy(metadata);
    return TransactionalProducer(std::move(*client));
}

TransactionalProducer::~TransactionalProducer() {
    if (!client_) return;
    // Nothing that is still queued may go out behind our back.
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

Result<void, Failure> TransactionalProducer::commit(
    const std::vector<Record>& outputs, const rd_kafka_topic_partition_list_t& offsets,
    const rd_kafka_consumer_group_metadata_t& group) {
    const Error begun(rd_kafka_begin_transaction(client_.get()));
    if (begun) return result_of(begun, "the transaction was not begun");
    for (const Record& record : outputs) {
        if (auto sent = send(record); !sent) return sent;
    }
    const Error added(
        rd_kafka_send_offsets_to_transaction(client_.get(), &offsets, &group, ms(kStep)));
    if (added) return result_of(added, "the read offsets were not added to the transaction");
    const Error committed(rd_kafka_commit_transaction(client_.get(), ms(kStep)));
    return result_of(committed, "the transaction was not committed");
}

Result<void, Failure> TransactionalProducer::send(const Record& record) {
    const auto deadline = std::chrono::steady_clock::now() + kStep;
    for (;;) {
        const auto code = produce(client_.get(), record, nullptr);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
        const bool full = code == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        if (!full || std::chrono::steady_clock::now() > deadline) {
            return unexpected(failure_of(code, "a row for topic " + record.topic));
        }
        rd_kafka_poll(client_.get(), ms(kQueueFull));
    }
}

Result<void, Failure> Transactions::settle() {
    if (producer_) return {};
    auto producer = TransactionalProducer::start(options_, *this);
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
    auto committed = producer_->commit(outputs, offsets, group);
    if (committed) return committed;

    producer_.reset();  // now: it may still read `outputs`
    Failure failure = committed.error();
    if (failure.reason == Reason::kFenced && is_fenced_for_good()) {
        failure.message +=
            "; another process uses the same group and snowline.instance (or host): give each its "
            "own";
        return unexpected(std::move(failure));
    }
    // Whatever the first client died of, the next one is new.
    if (failure.reason != Reason::kTooLarge && failure.reason != Reason::kUnknownTopic &&
        failure.reason != Reason::kRefused) {
        failure.reason = Reason::kUnavailable;
    }
    return unexpected(std::move(failure));
}

bool Transactions::is_fenced_for_good() {
    const auto now = std::chrono::steady_clock::now();
    fenced_.push_back(now);
    while (now - fenced_.front() > kFencedWithin) fenced_.pop_front();
    return fenced_.size() >= kFencedMax;
}

}  // namespace snowline::log::kafka
