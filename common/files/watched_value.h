#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace snowline::files {

/// The newest version of a value that is read from files while the program runs. `replace` swaps
/// the whole value; a reader keeps the version that it got alive by its shared_ptr. Thread-safe.
template <class T>
class WatchedValue {
public:
    explicit WatchedValue(std::shared_ptr<T> first) : newest_(std::move(first)) {}

    std::shared_ptr<T> current() const {
        const std::lock_guard lock(mutex_);
        return newest_;
    }

    /// 1 for the first value, incremented by each `replace`. A reader that caches the value detects
    /// a new one with one atomic load.
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

    /// The value together with its own version.
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
