#pragma once

#include <chrono>

namespace snowline::collector {

/// A circuit breaker for the log: while it is open, requests do not wait for the log. A value
/// without a clock; not thread-safe.
class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class State {
        kClosed,    // records are sent to the log
        kOpen,      // records are not sent to the log
        kHalfOpen,  // nor now, but a probe is in flight
    };
    static constexpr std::chrono::milliseconds kProbePeriod{1000};

    State state() const { return state_; }
    bool is_closed() const { return state_ == State::kClosed; }

    /// The log has acknowledged a record: closes the breaker.
    void succeeded(Time now);
    /// A record sent at `sent` failed or is overdue. Opens the breaker unless another record was
    /// acknowledged since then: in that case the log is not the problem.
    void failed(Time sent, Time now);
    /// True once a second while not closed: the caller must probe the log and report the result.
    bool take_probe(Time now);

    Time last_success() const { return last_success_; }

private:
    State state_ = State::kClosed;
    Time last_success_{};
    Time next_probe_{};
};

}  // namespace snowline::collector
