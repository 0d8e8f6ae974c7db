#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace snowline::log::sqlite {

/// Tells the readers in this process that something was committed. Thread-safe.
class Wakeup {
public:
    void notify() {
        {
            const std::lock_guard lock(mutex_);
            ++commits_;
        }
        changed_.notify_all();
    }

    std::uint64_t commits() const {
        const std::lock_guard lock(mutex_);
        return commits_;
    }

    /// Until there was a commit after the `seen` ones, or the time is over.
    void wait(std::uint64_t seen, std::chrono::milliseconds at_most) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, at_most, [&] { return commits_ != seen; });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t commits_ = 0;
};

}  // namespace snowline::log::sqlite
