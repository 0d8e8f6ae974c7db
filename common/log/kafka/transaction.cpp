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

}  // namespace snowline::log::kafka
