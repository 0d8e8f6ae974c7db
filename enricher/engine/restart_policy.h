#pragma once

#include "common/log/log.h"

#include <chrono>
#include <deque>

namespace snowline::enricher {

/// After which failures of the log its client is made anew, and after which the enricher ends.
/// One thread.
class RestartPolicy {
public:
    using Clock = std::chrono::steady_clock;
    enum class Verdict { kRestart, kEnd };

    /// To be told of every failure. A log that is away, full or broken may do better with another
    /// client. One that refuses us, or where another process took our place again and again, does
    /// not.
    Verdict judge(log::Reason reason, Clock::time_point now);

private:
    bool is_fenced_for_good(Clock::time_point now);

    std::deque<Clock::time_point> fenced_;  // within the last minute
};

}  // namespace snowline::enricher
