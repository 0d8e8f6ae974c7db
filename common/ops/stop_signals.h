#pragma once

#include <chrono>

namespace snowline::ops {

/// Lets `main` wait for SIGTERM and SIGINT. Construct it at the start of `main`, before any thread:
/// threads inherit the blocked signals, so that only `wait` takes them.
class StopSignals {
public:
    StopSignals();

    /// True as soon as one of the signals came; false after `at_most`.
    bool wait_for(std::chrono::milliseconds at_most);
    void wait();
};

}  // namespace snowline::ops
