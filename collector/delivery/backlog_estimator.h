#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace snowline::collector {

/// Estimates whether the log's backlog is so long that a record which is sent now would be
/// acknowledged too late. Without it a log that is slower than the traffic would acknowledge every
/// record too late, and no request would be answered 200. Partitions that acknowledge nothing are
/// left out. Thread-safe.
class BacklogEstimator {
public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    /// `in_time`: an acknowledgement later than this after the send is too late.
    explicit BacklogEstimator(Clock::duration in_time) : in_time_(in_time) {}

    void sent(std::int32_t partition, Time now);
    void acknowledged(std::int32_t partition, Time sent, Time now);
    void failed(std::int32_t partition);

    /// Returns false once in a while even then: the records let in show how long the backlog still
    /// is.
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
        Time acknowledged{};  // the last one; or when sending to the idle partition began
    };
    static std::int64_t slot_number(Time now) { return now.time_since_epoch() / kSlot; }
    Partition& partition(std::int32_t number);
    double acknowledged_per_second(Time now) const;

    const Clock::duration in_time_;
    std::mutex mutex_;
    std::vector<Partition> partitions_;
    std::int64_t under_way_ = 0;
    Time first_acknowledged_{};  // since `under_way_` was last 0
    Clock::duration last_took_{};
    std::array<Slot, kSlots> slots_{};  // a ring
    Time let_in_{};
};

}  // namespace snowline::collector
