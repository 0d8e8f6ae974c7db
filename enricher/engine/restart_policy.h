#pragma once

#include "common/log/log.h"

#include <chrono>
#include <deque>

namespace snowline::enricher {

/// Decides after which failures the log's client is replaced, and after which the enricher ends.
/// One thread.
class RestartPolicy {
public:
    using Clock = std::chrono::steady_clock;
    enum class Verdict { kRestart, kEnd };

    /// To be called with every failure. kRestart where a new client may help: the log is away, full
    /// or broken. kEnd where another client would be refused as well (no access, an unknown topic,
    /// a record that the log does not take), or where another process has repeatedly taken over.
    Verdict judge(log::Reason reason, Clock::time_point now);

private:
    bool is_fenced_for_good(Clock::time_point now);

    std::deque<Clock::time_point> fenced_;  // within the last minute
};

}  // namespace snowline::enricher
