#pragma once

#include <chrono>

namespace snowline::collector {

/// Whether the log is known to be away, so that nobody waits for it. A value: it is told the time
/// and what happened.
class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    enum class State {
        kClosed,    // records go to the log
        kOpen,      // they do not
        kHalfOpen,  // nor here, but a probe is on its way
    };
    static constexpr std::chrono::milliseconds kProbePeriod{1000};

    State state() const { return state_; }
    bool is_closed() const { return state_ == State::kClosed; }

    /// The log has acknowledged something: closed, whatever was before.
    void succeeded(Time now);
    /// What was handed over at `sent` was refused or is overdue. Opens, unless something was
    /// acknowledged since then: that record has another problem than the log.
    void failed(Time sent, Time now);
    /// True once a second while not closed: the caller tries the log, and says how it went.
    bool take_probe(Time now);

    Time last_success() const { return last_success_; }

private:
    State state_ = State::kClosed;
    Time last_success_{};
    Time next_probe_{};
};

}  // namespace snowline::collector
