#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace snowline::collector {

/// Whether the log is so far behind that a record which comes now would be acknowledged too late
/// to be of use. Without that look at the queue, a log that takes less than comes would
/// acknowledge everything too late, and nothing would be answered with 200. A queue that
/// nothing comes out of is the breaker's business. Thread-safe.
class Pace {
public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    /// `in_time`: what is acknowledged later than this after it was sent is of no use.
    explicit Pace(Clock::duration in_time) : in_time_(in_time) {}

    void sent(Time now);
    void acknowledged(Time sent, Time now);
    void failed();

    bool is_behind(Time now) const;

private:
    static constexpr auto kSlot = std::chrono::milliseconds(250);
    static constexpr std::size_t kSlots = 12;
    struct Slot {
        std::int64_t number = -1;  // since the clock's beginning
        std::int64_t acknowledged = 0;
    };
    static std::int64_t slot_number(Time now) { return now.time_since_epoch() / kSlot; }
    double acknowledged_per_second(Time now) const;

    const Clock::duration in_time_;
    mutable std::mutex mutex_;
    std::int64_t under_way_ = 0;
    Time busy_since_{};                 // since then something has always been under way
    Clock::duration last_took_{};       // of those
    std::array<Slot, kSlots> slots_{};  // a ring
};

}  // namespace snowline::collector
