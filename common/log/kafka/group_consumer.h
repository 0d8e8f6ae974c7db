#pragma once

#include "common/log/kafka/client.h"
#include "common/log/kafka/missing_partitions.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// A member of a consumer group: its assignment, what it has polled, what it pauses and where it
/// stands. Generations are counted here, since rebalances are seen here. Never commits. One thread.
class GroupConsumer : private ClientOwner {
public:
    explicit GroupConsumer(GroupOptions options);
    ~GroupConsumer() override;

    /// Finds (or makes) input and output topics; the group is not joined yet. Outputs that are
    /// missing are no failure: `unwritable` names them.
    Result<void, Failure> start();
    Result<void, Failure> subscribe();

    /// Takes the consumer back to where the group stands, where it does not stand there: to be
    /// called when no transaction of ours is open.
    Result<void, Failure> rewind();
    /// Nothing of what was polled and is not committed can be committed any more.
    void begin_generation();
    /// These positions are the group's now.
    void note_committed(const Offsets& offsets);

    // As GroupReader's.
    Result<Batch, Failure> poll(const PollLimits& limits);
    Result<void, Failure> keep_alive();
    void pause(std::vector<TopicPartition> partitions);
    Result<void, Failure> seek(const std::vector<Offsets::Next>& to);
    Result<std::vector<PartitionLag>, Failure> lags();
    const std::vector<Offsets::Next>& committed() const { return committed_; }

    // What the brokers say of topics to write; see writable_topics.h.
    std::map<std::string, std::size_t> message_limits(const std::vector<std::string>& topics);
    Result<std::vector<Failure>, Failure> unwritable(const std::vector<std::string>& topics);

    std::uint64_t generation() const { return generation_; }
    /// Of the group as it is now: it names the generation, by which the broker refuses members
    /// that have lost their partitions.
    Handle<rd_kafka_consumer_group_metadata_t> metadata() const;

private:
    Result<PartitionList, Failure> ask_committed();
    void pause_all();
    void resume_all();
    void rebalanced(rd_kafka_t* consumer, rd_kafka_resp_err_t code,
                    rd_kafka_topic_partition_list_t* partitions) override;
    void failed(rd_kafka_resp_err_t code) override;
    void drop_missing(rd_kafka_topic_partition_list_t& partitions);
    Result<void, Failure> look_for_missing();
    /// An error that ends the member, or the next poll's.
    Result<void, Failure> take(const rd_kafka_message_t& message);
    Batch make_batch(const PollLimits& limits);

    GroupOptions options_;
    Client consumer_;
    bool rewound_ = true;  // the consumer stands where the group does, or behind open batches
    std::vector<Offsets::Next> committed_;
    bool is_committed_known_ = false;                // for this generation
    std::map<TopicPartition, std::int64_t> sought_;  // and not committed since
    bool all_paused_ = false;                        // by `keep_alive`
    std::vector<TopicPartition> paused_;
    std::uint64_t generation_ = 1;
    std::atomic<bool> is_partition_gone_ = false;  // of the assigned ones
    MissingPartitions missing_;                    // of the assigned ones
    std::deque<Record> pending_;                   // taken from the consumer, in no batch yet
};

}  // namespace snowline::log::kafka
