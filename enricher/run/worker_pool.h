#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace snowline::enricher {

/// Threads that share one list of tasks at a time. `start` and `wait_for` are called by one thread,
/// alternately; tasks do not throw.
class WorkerPool {
public:
    /// Called with the worker's number and the task's.
    using Task = std::function<void(std::size_t worker, std::size_t task)>;

    explicit WorkerPool(std::size_t workers);
    ~WorkerPool();  // waits for the tasks that were started

    std::size_t size() const { return threads_.size(); }

    /// Runs tasks 0…count-1 in ascending order, as workers are free.
    void start(std::size_t count, Task task);
    /// True when all tasks are done, false when the time is over.
    bool wait_for(std::chrono::milliseconds at_most);

private:
    void work(std::size_t worker);

    std::mutex mutex_;
    std::condition_variable started_, finished_;
    Task task_;
    std::size_t next_ = 0, count_ = 0, running_ = 0;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace snowline::enricher
