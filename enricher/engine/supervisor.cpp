#include "enricher/engine/supervisor.h"

#include "common/ops/logging.h"

#include <algorithm>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::chrono::milliseconds kLook{200};  // how often `stop` is checked during a pause

}  // namespace

Supervisor::Supervisor(Open open, Metrics& metrics, std::chrono::milliseconds pause)
    : open_(std::move(open)),
      metrics_(metrics),
      pause_(pause),
      thread_([this]() noexcept { run(); }) {}

Supervisor::~Supervisor() {
    stop_ = true;
    thread_.join();
}

void Supervisor::run() {
    while (!stop_ && !failed_) {
        const auto session = open_();
        if (!session) {
            judge("the log cannot be opened", session.error());
            continue;
        }
        metrics_.connected(true);
        ops::log(ops::Level::kInfo, "the enricher is reading");
        const auto ended = (*session)->run(stop_);
        metrics_.connected(false);
        if (!ended) {
            metrics_.restarted();
            judge("the log failed", ended.error());
        }
    }
    ended_ = true;
}

void Supervisor::judge(std::string_view what, const log::Failure& failure) {
    using Clock = RestartPolicy::Clock;
    failed_ = policy_.judge(failure.reason, Clock::now()) == RestartPolicy::Verdict::kEnd;
    ops::log(failed_ ? ops::Level::kError : ops::Level::kWarn, what, {{"reason", failure.message}});
    const auto until = Clock::now() + pause_;
    while (!failed_ && !stop_ && Clock::now() < until) {
        std::this_thread::sleep_for(std::min(kLook, pause_));
    }
}

}  // namespace snowline::enricher
