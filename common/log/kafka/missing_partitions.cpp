#include "common/log/kafka/missing_partitions.h"

#include <algorithm>

namespace snowline::log::kafka {

void MissingPartitions::begin(Time now) {
    missing_.clear();
    asked_ = now;
}

bool MissingPartitions::is_missing(const TopicPartition& assigned, const Counts& counts) {
    const auto count = counts.find(assigned.topic);
    if (count == counts.end() || assigned.partition < count->second) return false;
    missing_.push_back(assigned);
    return true;
}

bool MissingPartitions::is_due(Time now) const {
    return !missing_.empty() && now - asked_ >= kLookEvery;
}

bool MissingPartitions::have_come(const Counts& counts, Time now) {
    asked_ = now;
    return std::any_of(missing_.begin(), missing_.end(), [&](const TopicPartition& one) {
        const auto count = counts.find(one.topic);
        return count != counts.end() && one.partition < count->second;
    });
}

}  // namespace snowline::log::kafka
