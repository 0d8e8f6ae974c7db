#include "common/log/kafka/batches.h"

#include <algorithm>
#include <iterator>

namespace snowline::log::kafka {
namespace {

// What fits in one of librdkafka's requests: `batch.size` and `batch.num.messages`, and some room
// for the last record.
constexpr std::size_t kBatchBytes = 900'000;
constexpr std::size_t kBatchRecords = 9'000;
constexpr std::size_t kAroundRecord = 70;  // lengths, times and the like

std::size_t bytes_of(const Record& record) {
    std::size_t bytes = kAroundRecord + record.value.size() + (record.key ? record.key->size() : 0);
    for (const Header& header : record.headers) bytes += header.name.size() + header.value.size();
    return bytes;
}

}  // namespace

// Where batches were refused, a record of any size may begin one.
bool Batches::takes(const Partition& partition, const Record& record, Time now) const {
    const auto limit = limits_.find(record.topic);
    if (limit != limits_.end() && partition.records > 0 &&
        partition.bytes + bytes_of(record) > limit->second) {
        return false;
    }
    return partition.bytes < kBatchBytes && partition.records < kBatchRecords &&
           now - partition.begun < linger_;
}

void Batches::begin(Partition& partition, Time now) {
    partition.begun = now;
    partition.bytes = partition.records = 0;
}

void Batches::add(Partition& partition, const Record& record) {
    ++partition.open;
    ++partition.records;
    partition.bytes += bytes_of(record);
}

std::unique_ptr<Sent> Batches::admit(std::unique_ptr<Sent> sent, Time now) {
    const Record& record = sent->record;
    if (record.partition == kAnyPartition) return sent;
    Partition& partition = partitions_[{record.topic, record.partition}];
    if (partition.open == 0) begin(partition, now);
    // Behind those that are held: the order of a partition's records is kept.
    if (partition.is_busy || !partition.held.empty() || !takes(partition, record, now)) {
        partition.held.push_back(std::move(sent));
        return nullptr;
    }
    add(partition, record);
    return sent;
}

Batches::Records Batches::reported(const Record& record, Time now) {
    if (record.partition == kAnyPartition) return {};
    Partition& partition = partitions_[{record.topic, record.partition}];
    --partition.open;
    if (partition.open == 0) hold_refused(partition);
    return partition.is_busy ? Records{} : next(partition, now);
}

Batches::Records Batches::handed_over(const std::string& topic, std::int32_t number, Time now) {
    Partition& partition = partitions_[{topic, number}];
    partition.is_busy = false;
    return next(partition, now);
}

Batches::Records Batches::next(Partition& partition, Time now) const {
    Records records;
    if (partition.open > 0 || partition.held.empty()) return records;
    begin(partition, now);
    while (!partition.held.empty() && takes(partition, partition.held.front()->record, now)) {
        records.push_back(std::move(partition.held.front()));
        partition.held.pop_front();
        add(partition, records.back()->record);
    }
    partition.is_busy = true;
    return records;
}

std::unique_ptr<Sent> Batches::refused(std::unique_ptr<Sent> sent) {
    const Record& record = sent->record;
    if (record.partition == kAnyPartition) return sent;
    Partition& partition = partitions_[{record.topic, record.partition}];
    if (partition.records <= 1) return sent;
    // Once a batch: half of what it had, unless the topic's limit is lower already.
    if (partition.refused.empty()) {
        const std::size_t smaller = std::max<std::size_t>(partition.bytes / 2, 1);
        const auto [limit, is_new] = limits_.try_emplace(record.topic, smaller);
        if (!is_new) limit->second = std::min(limit->second, smaller);
    }
    partition.refused.push_back(std::move(sent));
    return nullptr;
}

// In front, in their order.
void Batches::hold_refused(Partition& partition) {
    auto& refused = partition.refused;
    partition.held.insert(partition.held.begin(), std::make_move_iterator(refused.begin()),
                          std::make_move_iterator(refused.end()));
    refused.clear();
}

Batches::Records Batches::take_held() {
    Records records;
    for (auto& [place, partition] : partitions_) {
        hold_refused(partition);
        for (auto& sent : partition.held) records.push_back(std::move(sent));
        partition.held.clear();
    }
    return records;
}

}  // namespace snowline::log::kafka
