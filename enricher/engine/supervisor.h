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

/// One client of the log and what reads with it, until it is told to stop or the log fails.
class LogSession {
public:
    virtual ~LogSession() = default;
    /// Returns soon after `stop` becomes true, once what has begun is committed. After a failure
    /// the session is of no more use.
    virtual Result<void, log::Failure> run(const std::atomic<bool>& stop) = 0;
};

/// Runs sessions one after the other, on a thread of its own: where one fails it opens the next,
/// after a pause, until it is told to stop or the failure is one that a restart does not help
/// against. Tells the metrics whether the log is reached, and of restarts.
class Supervisor {
public:
    using Open = std::function<Result<std::unique_ptr<LogSession>, log::Failure>()>;

    struct Times {
        std::chrono::milliseconds pause{1'000};   // between two sessions
        std::chrono::milliseconds let_go{5'000};  // for a session's destruction, at most
    };

    /// `open` is called on the thread; it and `metrics` outlive this.
    Supervisor(Open open, Metrics& metrics) : Supervisor(std::move(open), metrics, Times{}) {}
    Supervisor(Open open, Metrics& metrics, Times times);
    ~Supervisor();  // stops, and waits until the session has ended
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Does not wait.
    void stop() { stop_ = true; }
    bool has_ended() const { return ended_; }
    /// It has ended, or is about to, because of a failure.
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
