#include "common/log/kafka/offsets.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <tuple>
#include <utility>

namespace snowline::log::kafka {

PartitionList list_of(const std::vector<Offsets::Next>& next) {
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

Result<PartitionList, Failure> assignment_of(rd_kafka_t* consumer) {
    rd_kafka_topic_partition_list_t* owned = nullptr;
    const auto code = rd_kafka_assignment(consumer, &owned);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the assignment"));
    return PartitionList(owned);
}

Result<PartitionList, Failure> with_committed(rd_kafka_t* consumer, PartitionList partitions,
                                              std::chrono::milliseconds within) {
    if (partitions->cnt == 0) return partitions;
    const auto code = rd_kafka_committed(consumer, partitions.get(), ms(within));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return unexpected(failure_of(code, "the committed offsets"));
    }
    return partitions;
}

std::vector<Offsets::Next> committed_in(const rd_kafka_topic_partition_list_t& partitions) {
    std::vector<Offsets::Next> committed;
    for (int i = 0; i < partitions.cnt; ++i) {
        const auto& partition = partitions.elems[i];
        if (partition.offset < 0) continue;
        auto& next = committed.emplace_back(
            Offsets::Next{partition.topic, partition.partition, partition.offset});
        if (partition.metadata) {
            next.note.assign(static_cast<const char*>(partition.metadata), partition.metadata_size);
        }
    }
    return committed;
}

Result<PartitionList, Failure> offsets_at(rd_kafka_t* consumer,
                                          const rd_kafka_topic_partition_list_t& partitions,
                                          std::int64_t time_ms, std::chrono::milliseconds within) {
    PartitionList list(rd_kafka_topic_partition_list_copy(&partitions));
    for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = time_ms;
    const auto code = rd_kafka_offsets_for_times(consumer, list.get(), ms(within));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return unexpected(failure_of(code, "the offsets"));
    return list;
}

Result<std::vector<PartitionLag>, Failure> lags_of(rd_kafka_t* consumer, const std::string& topic,
                                                   std::chrono::milliseconds within) {
    auto owned = assignment_of(consumer);
    if (!owned) return unexpected(owned.error());
    const bool has_any = (*owned)->cnt > 0;
    if (!has_any) {
        // Others have them all, or the group does not work: asking for any offset tells.
        rd_kafka_topic_partition_list_add(owned->get(), topic.c_str(), 0);
    }
    const auto committed = with_committed(consumer, *std::move(owned), within);
    if (!committed) return unexpected(committed.error());
    std::vector<PartitionLag> lags;
    if (!has_any) return lags;
    const auto ends = offsets_at(consumer, **committed, RD_KAFKA_OFFSET_END, within);
    if (!ends) return unexpected(ends.error());
    const auto begins = offsets_at(consumer, **committed, RD_KAFKA_OFFSET_BEGINNING, within);
    if (!begins) return unexpected(begins.error());
    for (int i = 0; i < (*committed)->cnt; ++i) {
        const auto& [partition, end, begin] =
            std::tie((*committed)->elems[i], (*ends)->elems[i], (*begins)->elems[i]);
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

}  // namespace snowline::log::kafka
