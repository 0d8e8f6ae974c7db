#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace snowline::log::sqlite {

/// Wakes readers in this process after a commit. Thread-safe.
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

    /// Blocks until there was a commit after `seen`, for `at_most`.
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
