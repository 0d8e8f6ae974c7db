#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace snowline {

/// Does something every so often, in a thread of its own: the first time after one period, and
/// never two at once. Destroyed, or given another one, it stops: it waits for what is being done,
/// and not for the period. What is done must not throw.
class PeriodicThread {
public:
    PeriodicThread() = default;
    PeriodicThread(std::chrono::milliseconds period, std::function<void()> work);

private:
    std::jthread thread_;
};

}  // namespace snowline
