#pragma once

#include "common/log/kafka/client.h"

#include <string>
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

}  // namespace snowline::log::kafka
