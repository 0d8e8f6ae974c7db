#pragma once

#include "common/log/kafka/client.h"

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

namespace snowline::log::kafka {

/// A transactional producer that is thrown away at the first thing that goes wrong: what became of
/// its transaction is settled by the next one's `start`, which waits for a commit that is under way
/// and aborts anything else. It never aborts by itself. One thread.
class TransactionalProducer {
public:
    /// Makes a client and fences all earlier ones of its transactional.id. Afterwards the group's
    /// committed offsets are what they will stay.
    static Result<TransactionalProducer, Failure> start(const ClientOptions& options,
                                                        ClientOwner& owner);

    /// Outputs and offsets, both or neither. After a failure nothing but destruction is allowed,
    /// and what happened is open until the next `start`.
    Result<void, Failure> commit(const std::vector<Record>& outputs,
                                 const rd_kafka_topic_partition_list_t& offsets,
                                 const rd_kafka_consumer_group_metadata_t& group);

    TransactionalProducer(TransactionalProducer&&) = default;
    TransactionalProducer& operator=(TransactionalProducer&&) = delete;
    ~TransactionalProducer();

private:
    explicit TransactionalProducer(Client client) : client_(std::move(client)) {}

    Result<void, Failure> send(const Record& record);

    Client client_;
};

/// Transactions of one transactional.id, one after the other, on a producer that is made anew
/// after each failure. One thread.
class Transactions : private ClientOwner {
public:
    Transactions(ClientOptions options, Reports reports)
        : ClientOwner(std::move(reports)), options_(std::move(options)) {}

    /// Afterwards no transaction of ours is open. Blocks for a new producer where there is none.
    Result<void, Failure> settle();

    /// Outputs and offsets, both or neither. `settle` comes first. After a failure what happened
    /// is open until the next `settle`. kFenced: another process has our transactional.id.
    Result<void, Failure> commit(const std::vector<Record>& outputs,
                                 const rd_kafka_topic_partition_list_t& offsets,
                                 const rd_kafka_consumer_group_metadata_t& group);

private:
    bool is_fenced_for_good();

    ClientOptions options_;
    std::optional<TransactionalProducer> producer_;  // none: its transaction's fate is open
    std::deque<std::chrono::steady_clock::time_point> fenced_;  // of late
};

}  // namespace snowline::log::kafka
