#include "enricher/run/worker_pool.h"

#include "common/check.h"

#include <chrono>
#include <utility>

namespace snowline::enricher {

WorkerPool::WorkerPool(std::size_t workers) {
    SNOWLINE_CHECK(workers > 0);
    threads_.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) {
        threads_.emplace_back([this, i]() noexcept { work(i); });
    }
}

WorkerPool::~WorkerPool() {
    {
        const std::scoped_lock lock(mutex_);
        closing_ = true;
    }
    started_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::start(std::size_t count, Task task) {
    {
        const std::scoped_lock lock(mutex_);
        SNOWLINE_CHECK(next_ == count_ && running_ == 0);
        task_ = std::move(task);
        next_ = 0;
        count_ = count;
    }
    started_.notify_all();
}

bool WorkerPool::wait_for(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return finished_.wait_for(lock, at_most, [this] { return next_ == count_ && running_ == 0; });
}

void WorkerPool::work(std::size_t worker) {
    std::unique_lock lock(mutex_);
    while (true) {
        started_.wait(lock, [this] { return closing_ || next_ < count_; });
        if (next_ == count_) return;  // closing, and nothing is left
        const std::size_t index = next_++;
        ++running_;
        lock.unlock();
        task_(worker, index);
        lock.lock();
        --running_;
        if (next_ == count_ && running_ == 0) finished_.notify_all();
    }
}

}  // namespace snowline::enricher
