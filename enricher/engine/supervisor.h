#pragma once

#include "common/log/log.h"
#include "enricher/engine/restart_policy.h"
#include "enricher/metrics/metrics.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

namespace snowline::enricher {

/// One client of the log and its reader, used until `stop` or the first failure.
class LogSession {
public:
    virtual ~LogSession() = default;
    /// Blocks; returns soon after `stop` becomes true, once what has begun is committed. After a
    /// failure the session cannot be used any more.
    virtual Result<void, log::Failure> run(const std::atomic<bool>& stop) = 0;
};

/// Runs sessions one after the other, on a thread of its own: after a failure it opens the next one
/// after a pause, until it is stopped or the RestartPolicy says to end. Reports connection and
/// restarts to the metrics.
class Supervisor {
public:
    using Open = std::function<Result<std::unique_ptr<LogSession>, log::Failure>()>;

    struct Times {
        std::chrono::milliseconds pause{1'000};   // between two sessions
        std::chrono::milliseconds let_go{5'000};  // for a session's destruction, at most
    };

    /// `open` is called on that thread; it and `metrics` must outlive the supervisor.
    Supervisor(Open open, Metrics& metrics) : Supervisor(std::move(open), metrics, Times{}) {}
    Supervisor(Open open, Metrics& metrics, Times times);
    ~Supervisor();  // stops, and blocks until the session has ended
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Does not block.
    void stop() { stop_ = true; }
    bool has_ended() const { return ended_; }
    /// It has ended, or is ending, because of a failure.
    bool has_failed() const { return failed_; }
    /// A session was not destroyed in time: its thread still uses all that it was given, so that
    /// the process has to end without destroying that.
    bool is_stuck() const { return stuck_; }

private:
    void run();
    void judge(std::string_view what, const log::Failure& failure);
    void pause();
    void let_go(std::unique_ptr<LogSession> session);

    const Open open_;
    Metrics& metrics_;
    const Times times_;
    RestartPolicy policy_;
    std::atomic<bool> stop_ = false, ended_ = false, failed_ = false, stuck_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace snowline::enricher
