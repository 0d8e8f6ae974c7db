#pragma once

#include <chrono>
#include <csignal>

namespace snowline::ops {

/// Lets `main` wait for SIGTERM, SIGINT and SIGQUIT. Construct it at the start of `main`, before
/// any thread: threads inherit the blocked signals, so that only `wait` takes them. SIGUSR1,
/// SIGUSR2 and SIGPIPE are ignored.
class StopSignals {
public:
    /// What SIGHUP means. A service does not need it: certificates, lists and life cycles are read
    /// again when their files change. To a command it says that its terminal is gone.
    enum class Hangup { kIgnored, kStops };
    explicit StopSignals(Hangup hangup = Hangup::kIgnored);

    /// True as soon as one of the signals came; false after `at_most`.
    bool wait_for(std::chrono::milliseconds at_most);
    void wait();

private:
    const sigset_t set_;
};

}  // namespace snowline::ops
