#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace snowline::files {

/// What was read from files that may change while the program runs, in its newest form. A reader
/// holds the one that it asked for, which lives until the last of its readers has let go of it, and
/// is replaced as a whole. Any thread.
template <class T>
class WatchedValue {
public:
    explicit WatchedValue(std::shared_ptr<T> first) : newest_(std::move(first)) {}

    std::shared_ptr<T> current() const {
        const std::lock_guard lock(mutex_);
        return newest_;
    }

    /// 1 for the first, one more for each that replaced it. A reader that keeps what it has read
    /// sees by one atomic load that there is nothing new.
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

    /// The value and its version, which belong together.
    std::pair<std::shared_ptr<T>, std::uint64_t> current_with_version() const {
        const std::lock_guard lock(mutex_);
        return {newest_, version_.load(std::memory_order_relaxed)};
    }

    void replace(std::shared_ptr<T> next) {
        const std::lock_guard lock(mutex_);
        newest_ = std::move(next);
        version_.fetch_add(1, std::memory_order_release);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T> newest_;
    std::atomic<std::uint64_t> version_ = 1;
};

}  // namespace snowline::files
