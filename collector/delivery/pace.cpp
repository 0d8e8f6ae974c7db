#include "collector/delivery/pace.h"

#include <algorithm>

namespace snowline::collector {

void Pace::sent(Time now) {
    const std::lock_guard lock(mutex_);
    if (under_way_++ > 0) return;
    busy_since_ = now;
    last_took_ = {};
    slots_ = {};
}

void Pace::acknowledged(Time sent, Time now) {
    const std::lock_guard lock(mutex_);
    --under_way_;
    last_took_ = now - sent;
    const std::int64_t number = slot_number(now);
    Slot& slot = slots_[static_cast<std::size_t>(number) % kSlots];
    if (slot.number != number) slot = {number, 0};
    ++slot.acknowledged;
}

void Pace::failed() {
    const std::lock_guard lock(mutex_);
    --under_way_;
}

/// With the lock. Over three seconds: acknowledgements come by the batch.
double Pace::acknowledged_per_second(Time now) const {
    const std::int64_t oldest = slot_number(now) - static_cast<std::int64_t>(kSlots) + 1;
    std::int64_t count = 0;
    for (const Slot& slot : slots_) {
        if (slot.number >= oldest) count += slot.acknowledged;
    }
    const Time begin = std::max(busy_since_, Time(kSlot * oldest));
    const std::chrono::duration<double> seconds = std::max<Clock::duration>(now - begin, kSlot);
    return static_cast<double>(count) / seconds.count();
}

bool Pace::is_behind(Time now) const {
    const std::lock_guard lock(mutex_);
    // A log that is quick is not behind, however much is under way: a burst is worth its wait.
    if (under_way_ == 0 || last_took_ < in_time_ / 6) return false;
    // A part of the time is left for what no average knows.
    const std::chrono::duration<double> wait = in_time_ * 2 / 3;
    return static_cast<double>(under_way_) > acknowledged_per_second(now) * wait.count();
}

}  // namespace snowline::collector
