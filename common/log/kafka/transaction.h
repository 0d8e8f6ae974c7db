#pragma once

#include "common/log/kafka/client.h"
#include "common/log/kafka/refusals.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// A record that was not written, and why.
struct Undelivered {
    const Record* record;
    std::int32_t partition;  // kAnyPartition: the client itself did not take it
    rd_kafka_resp_err_t code;
};

/// A transactional producer that is thrown away at the first thing that goes wrong: what became of
/// its transaction is settled by the next one's `start`, which waits for a commit that is under way
/// and aborts anything else. It never aborts by itself. One thread.
class TransactionalProducer {
public:
    /// Makes a client and fences all earlier ones of its transactional.id. Afterwards the group's
    /// committed offsets are what they will stay. `owner` is told of each record that is not
    /// written.
    static Result<TransactionalProducer, Failure> start(const ClientOptions& options,
                                                        ClientOwner& owner);

    /// Outputs and offsets, both or neither. After a failure nothing but destruction is allowed,
    /// and what happened is open until the next `start`. A topic that takes nothing is told within
    /// some seconds, and named. Blocks for 15 seconds, and two more at most.
    Result<void, Failure> commit(const std::vector<Record>& outputs,
                                 const rd_kafka_topic_partition_list_t& offsets,
                                 const rd_kafka_consumer_group_metadata_t& group);

    /// The last failure is of the right to write one of the topics; librdkafka does not say which.
    bool is_topic_refused() const { return code_ == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED; }

    /// Instead of a commit: begins a transaction with one record and waits some seconds for it. No
    /// error: it was written, or its report says why not; the call may be repeated with others.
    /// RD_KAFKA_RESP_ERR__TIMED_OUT: not yet. Another code: what the transaction has failed of.
    /// Nothing but destruction is allowed afterwards.
    rd_kafka_resp_err_t try_one(const Record& record);

    TransactionalProducer(TransactionalProducer&&) = default;
    TransactionalProducer& operator=(TransactionalProducer&&) = delete;
    ~TransactionalProducer();

private:
    using Time = std::chrono::steady_clock::time_point;

    TransactionalProducer(Client client, std::string brokers)
        : client_(std::move(client)), brokers_(std::move(brokers)) {}

    Result<void, Failure> try_to_commit(const std::vector<Record>& outputs,
                                        const rd_kafka_topic_partition_list_t& offsets,
                                        const rd_kafka_consumer_group_metadata_t& group);
    Result<void, Failure> result_of(const Handle<rd_kafka_error_t>& error, const char* what);
    rd_kafka_resp_err_t send(const Record& record, Time deadline);
    Result<void, Failure> deliver(const std::vector<Record>& outputs, Time deadline);

    Client client_;
    std::string brokers_;
    bool has_begun_ = false;
    rd_kafka_resp_err_t code_ = RD_KAFKA_RESP_ERR_NO_ERROR;  // of the last failure
};

/// Transactions of one transactional.id, one after the other, on a producer that is made anew
/// after each failure. One thread.
class Transactions : private ClientOwner {
public:
    Transactions(ClientOptions options, Reports reports, Refusals::AskLimits ask_limits);

    /// Afterwards no transaction of ours is open. Blocks for a new producer where there is none.
    Result<void, Failure> settle();

    /// Outputs and offsets, both or neither. `settle` comes first. After a failure what happened
    /// is open until the next `settle`. kFenced: another process has our transactional.id.
    Result<void, Failure> commit(const std::vector<Record>& outputs,
                                 const rd_kafka_topic_partition_list_t& offsets,
                                 const rd_kafka_consumer_group_metadata_t& group);

    /// As `Transaction::record_limits`.
    std::map<std::string, std::size_t> record_limits(const std::vector<std::string>& topics) {
        return refusals_.record_limits(topics);
    }

private:
    bool is_fenced_for_good();
    Failure judge(Failure failure, const std::vector<Record>& outputs, bool is_topic_refused);
    std::optional<std::string> find_refused(const std::vector<Record>& outputs);
    void delivered(const rd_kafka_message_t& message) override;

    ClientOptions options_;
    Refusals refusals_;
    std::vector<Undelivered> undelivered_;           // of the last transaction
    std::size_t batch_bytes_ = 0;                    // of the producer
    std::optional<TransactionalProducer> producer_;  // none: its transaction's fate is open
    std::deque<std::chrono::steady_clock::time_point> fenced_;  // of late
};

}  // namespace snowline::log::kafka
