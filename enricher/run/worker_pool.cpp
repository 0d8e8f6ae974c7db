#include "enricher/run/worker_pool.h"

#include "common/check.h"

#include <chrono>
#include <utility>

namespace snowline::enricher {

WorkerPool::WorkerPool(std::size_t workers) {
    SNOWLINE_CHECK(workers > 0);
    threads_.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) {
        threads_.emplace_back([this, i]() noexcept { serve(i); });
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

void WorkerPool::start(Work work) {
    {
        const std::scoped_lock lock(mutex_);
        SNOWLINE_CHECK(running_ == 0);
        work_ = std::move(work);
        running_ = threads_.size();
        ++round_;
    }
    started_.notify_all();
}

bool WorkerPool::wait_for(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return finished_.wait_for(lock, at_most, [this] { return running_ == 0; });
}

void WorkerPool::serve(std::size_t worker) {
    std::unique_lock lock(mutex_);
    for (std::uint64_t done = 0;; ++done) {
        started_.wait(lock, [&] { return closing_ || round_ != done; });
        if (round_ == done) return;  // closing, and nothing is left
        lock.unlock();
        work_(worker);
        lock.lock();
        if (--running_ == 0) finished_.notify_all();
    }
}

}  // namespace snowline::enricher
