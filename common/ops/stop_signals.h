#pragma once

#include <chrono>

namespace snowline::ops {

/// Turns SIGTERM and SIGINT into something to wait for. Make one at the very start of `main`,
/// before any thread: threads inherit that the signals are blocked, and only `wait` takes them.
class StopSignals {
public:
    StopSignals();

    /// True as soon as one of the signals came; false when the time is over.
    bool wait_for(std::chrono::milliseconds at_most);
    void wait();
};

}  // namespace snowline::ops
