#include "collector/delivery/backlog_estimator.h"

#include <algorithm>

namespace snowline::collector {
namespace {

constexpr auto kLetInEvery = std::chrono::seconds(1);

}  // namespace

BacklogEstimator::Partition& BacklogEstimator::partition(std::int32_t number) {
    const auto index = static_cast<std::size_t>(std::max(number, 0));
    if (partitions_.size() <= index) partitions_.resize(index + 1);
    return partitions_[index];
}

void BacklogEstimator::sent(std::int32_t number, Time now) {
    const std::lock_guard lock(mutex_);
    Partition& its = partition(number);
    if (its.under_way++ == 0) its.acknowledged = now;  // an idle partition starts without a delay
    if (under_way_++ > 0) return;
    first_acknowledged_ = {};
    last_took_ = {};
    slots_ = {};
}

void BacklogEstimator::acknowledged(std::int32_t number, Time sent, Time now) {
    const std::lock_guard lock(mutex_);
    Partition& its = partition(number);
    --its.under_way;
    its.acknowledged = now;
    --under_way_;
    last_took_ = now - sent;
    if (first_acknowledged_ == Time{}) first_acknowledged_ = now;
    const std::int64_t slot_of_now = slot_number(now);
    Slot& slot = slots_[static_cast<std::size_t>(slot_of_now % kSlots)];
    if (slot.number != slot_of_now) slot = {slot_of_now, 0};
    ++slot.acknowledged;
}

void BacklogEstimator::failed(std::int32_t number) {
    const std::lock_guard lock(mutex_);
    --partition(number).under_way;
    --under_way_;
}

/// The mutex is held. An average over three seconds, as acknowledgements come in batches.
double BacklogEstimator::acknowledged_per_second(Time now) const {
    const std::int64_t oldest = slot_number(now) - kSlots + 1;
    std::int64_t count = 0;
    for (const Slot& slot : slots_) {
        if (slot.number >= oldest) count += slot.acknowledged;
    }
    const Time begin = std::max(first_acknowledged_, Time(kSlot * oldest));
    const std::chrono::duration<double> seconds = std::max<Clock::duration>(now - begin, kSlot);
    return static_cast<double>(count) / seconds.count();
}

bool BacklogEstimator::is_behind(Time now) {
    const std::lock_guard lock(mutex_);
    // While acknowledgements are fast there is no backlog problem, however many records are in
    // flight: a burst may wait.
    if (under_way_ == 0 || last_took_ < in_time_ / 6) return false;
    if (now - first_acknowledged_ < in_time_ / 3) return false;  // too early for an average
    std::int64_t waiting = 0;
    for (const Partition& one : partitions_) {
        if (now - one.acknowledged < kSlot * kSlots) waiting += one.under_way;
    }
    // The rest of the time is a margin for what the average does not show.
    const std::chrono::duration<double> wait = in_time_ * 2 / 3;
    const double in_time = acknowledged_per_second(now) * wait.count();
    if (static_cast<double>(waiting) <= in_time) return false;
    if (now - let_in_ < kLetInEvery) return true;
    let_in_ = now;
    return false;
}

}  // namespace snowline::collector
