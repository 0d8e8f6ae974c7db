#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace snowline::collector {

/// Whether the log is so far behind that a record which comes now would be acknowledged too late
/// to be of use. Without that look at the queue, a log that takes less than comes would
/// acknowledge everything too late, and nothing would be answered with 200. A partition that
/// nothing comes out of is not its business. Thread-safe.
class BacklogEstimator {
public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    /// `in_time`: what is acknowledged later than this after it was sent is of no use.
    explicit BacklogEstimator(Clock::duration in_time) : in_time_(in_time) {}

    void sent(std::int32_t partition, Time now);
    void acknowledged(std::int32_t partition, Time sent, Time now);
    void failed(std::int32_t partition);

    /// False once in a while even then: what is let in tells how far behind it still is.
    bool is_behind(Time now);

private:
    static constexpr auto kSlot = std::chrono::milliseconds(250);
    static constexpr std::int64_t kSlots = 12;
    struct Slot {
        std::int64_t number = -1;  // since the clock's beginning
        std::int64_t acknowledged = 0;
    };
    struct Partition {
        std::int64_t under_way = 0;
        Time acknowledged{};  // the last time, since it has always had something under way
    };
    static std::int64_t slot_number(Time now) { return now.time_since_epoch() / kSlot; }
    Partition& partition(std::int32_t number);
    double acknowledged_per_second(Time now) const;

    const Clock::duration in_time_;
    std::mutex mutex_;
    std::vector<Partition> partitions_;
    std::int64_t under_way_ = 0;
    Time first_acknowledged_{};  // since something has always been under way
    Clock::duration last_took_{};
    std::array<Slot, kSlots> slots_{};  // a ring
    Time let_in_{};
};

}  // namespace snowline::collector
