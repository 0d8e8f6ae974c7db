#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace snowline {

/// How much work one thing may cost, in the time that its thread has the processor: a machine that
/// is busy with other things, or stands still, costs it nothing. Made to be asked often: up to a
/// twentieth of a second of work an answer is one look at a clock of the kernel's ticks (some
/// nanoseconds). Who is told that it is over leaves its loop; what it has made is thrown away by
/// whoever began the work. One thread, the same one from `go_on` to `pause`.
class WorkLimit {
public:
    enum class Over : std::uint8_t {
        kNo,
        kTime,
        kInterrupted,  // by another thread: see the constructor
    };

    /// `interrupted` is set by another thread, and looked at while work takes long; nullptr: nobody
    /// interrupts.
    explicit WorkLimit(std::chrono::nanoseconds at_most,
                       const std::atomic<bool>* interrupted = nullptr)
        : at_most_(at_most), interrupted_(interrupted) {}

    /// Work goes on now; between `pause` and this nothing counts.
    void go_on();
    void pause();

    /// Once it is over it stays so.
    bool is_over() {
        if (over_ != Over::kNo) return true;
        return tick_now() >= look_at_ && look();
    }
    Over over() const { return over_; }

    /// Until now, or the last `pause`.
    std::chrono::nanoseconds used() const;

private:
    using Ticks = std::chrono::nanoseconds;

    static Ticks tick_now();
    bool look();

    Ticks at_most_;
    const std::atomic<bool>* interrupted_;
    Over over_ = Over::kNo;
    Ticks before_{};            // used before the last `go_on`
    Ticks began_{};             // ticks at the last `go_on`
    Ticks look_at_{};           // ticks: the next look at the thread's time
    Ticks thread_began_{-1};    // the thread's time, at the first look since `go_on`; below 0: none
    Ticks until_first_look_{};  // used between `go_on` and that look
};

}  // namespace snowline
