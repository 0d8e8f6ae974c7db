#include "common/background_pool.h"

#include <utility>

namespace snowline {

BackgroundPool::~BackgroundPool() {
    {
        const std::scoped_lock lock(mutex_);
        closing_ = true;
    }
    given_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

// A thread that was told of work counts as idle until it runs: what waits is compared with them.
void BackgroundPool::run(std::function<void()> work) {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
    if (queue_.size() <= idle_) {
        given_.notify_one();
    } else if (threads_.size() < threads_max_) {
        threads_.emplace_back([this]() noexcept { serve(); });
    }
}

void BackgroundPool::serve() {
    std::unique_lock lock(mutex_);
    while (!closing_) {
        if (queue_.empty()) {
            ++idle_;
            given_.wait(lock, [this] { return closing_ || !queue_.empty(); });
            --idle_;
            continue;
        }
        const auto work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace snowline
