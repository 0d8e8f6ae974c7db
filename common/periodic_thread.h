#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace snowline {

/// Calls `work` periodically in a thread of its own: first after one period, never concurrently.
/// Destruction and assignment wait for a running call, not for the rest of the period. `work` must
/// not throw.
class PeriodicThread {
public:
    PeriodicThread() = default;
    PeriodicThread(std::chrono::milliseconds period, std::function<void()> work);

private:
    std::jthread thread_;
};

}  // namespace snowline
