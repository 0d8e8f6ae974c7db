#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace snowline::test {

/// Waits until it is true, far longer than anything takes; false if it does not become true.
template <class Condition>
bool comes_true(Condition is_true) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!is_true()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

/// Where threads wait until the test lets them through.
class Gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.wait(lock, [this] { return is_open_; });
        --waiting_;
    }
    void open() {
        const std::scoped_lock lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }
    int waiting() {
        const std::scoped_lock lock(mutex_);
        return waiting_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool is_open_ = false;
};

}  // namespace snowline::test
