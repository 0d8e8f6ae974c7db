#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace snowline::enricher {

/// Threads that do one thing at a time, all of them together. `start` and `wait_for` are called by
/// one thread, alternately; work does not throw.
class WorkerPool {
public:
    /// Called with the worker's number.
    using Work = std::function<void(std::size_t worker)>;

    explicit WorkerPool(std::size_t workers);
    ~WorkerPool();  // waits for the work that was started

    std::size_t size() const { return threads_.size(); }

    /// Each worker does it once.
    void start(Work work);
    /// True when all have done it, false when the time is over.
    bool wait_for(std::chrono::milliseconds at_most);

private:
    void serve(std::size_t worker);

    std::mutex mutex_;
    std::condition_variable started_, finished_;
    Work work_;
    std::uint64_t round_ = 0;  // how often work was started
    std::size_t running_ = 0;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace snowline::enricher
