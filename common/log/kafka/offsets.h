#pragma once

#include "common/log/kafka/client.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// What a consumer knows of offsets, and what it asks the brokers about them. Questions block for
/// as long as they are told to.
namespace snowline::log::kafka {

PartitionList list_of(const std::vector<Offsets::Next>& next);
PartitionList list_of(const std::vector<TopicPartition>& partitions);

/// The partitions that the consumer has now. Asks nobody.
Result<PartitionList, Failure> assignment_of(rd_kafka_t* consumer);

/// The offsets and notes that the group has committed for these partitions. The broker answers
/// when the transactions that concern them are settled. Takes a list and gives it back with the
/// answers; a partition of which nothing was committed has a negative offset.
Result<PartitionList, Failure> with_committed(rd_kafka_t* consumer, PartitionList partitions,
                                              std::chrono::milliseconds within);

/// What is committed, of such a list.
std::vector<Offsets::Next> committed_in(const rd_kafka_topic_partition_list_t& partitions);

/// Of each partition the first offset whose record is not older than `time_ms`, or, given
/// RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END, its oldest record's and its end, as committed
/// readers see it. RD_KAFKA_OFFSET_END in the answer: no record is that young. Failures of single
/// partitions are in the list.
Result<PartitionList, Failure> offsets_at(rd_kafka_t* consumer,
                                          const rd_kafka_topic_partition_list_t& partitions,
                                          std::int64_t time_ms, std::chrono::milliseconds within);

/// Of each partition that the consumer has. Where it has none, partition 0 of `topic` is asked for
/// all the same, so that a group that does not work is an error.
Result<std::vector<PartitionLag>, Failure> lags_of(rd_kafka_t* consumer, const std::string& topic,
                                                   std::chrono::milliseconds within);

}  // namespace snowline::log::kafka
