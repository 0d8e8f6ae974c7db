#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace snowline {

/// Does what may wait, so that nobody else has to: in the order in which it came, so many things at
/// a time. Threads are made when they are needed, and kept. Any thread.
class BackgroundPool {
public:
    explicit BackgroundPool(std::size_t threads_max) : threads_max_(threads_max) {}
    /// Waits for what has begun; the rest is not done.
    ~BackgroundPool();
    BackgroundPool(const BackgroundPool&) = delete;
    BackgroundPool& operator=(const BackgroundPool&) = delete;

    /// Never waits. `work` must not throw.
    void run(std::function<void()> work);

private:
    void serve();

    std::size_t threads_max_;
    std::mutex mutex_;
    std::condition_variable given_;
    std::deque<std::function<void()>> queue_;
    std::size_t idle_ = 0;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace snowline
