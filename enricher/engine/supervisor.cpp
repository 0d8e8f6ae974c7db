#include "enricher/engine/supervisor.h"

#include "common/ops/logging.h"

#include <algorithm>
#include <future>
#include <string>
#include <utility>

namespace snowline::enricher {
namespace {

constexpr std::chrono::milliseconds kLook{200};  // how often `stop` is checked during a pause

}  // namespace

Supervisor::Supervisor(Open open, Metrics& metrics, Times times)
    : open_(std::move(open)),
      metrics_(metrics),
      times_(times),
      thread_([this]() noexcept { run(); }) {}

Supervisor::~Supervisor() {
    stop_ = true;
    thread_.join();
}

void Supervisor::run() {
    while (!stop_ && !failed_) {
        auto session = open_();
        if (!session) {
            judge("the log cannot be opened", session.error());
            pause();
            continue;
        }
        metrics_.connected(true);
        ops::log(ops::Level::kInfo, "the enricher is reading");
        const auto ended = (*session)->run(stop_);
        metrics_.connected(false);
        if (!ended) metrics_.restarted();
        // Told before the client is let go, which may not end.
        if (!ended) judge("the log failed", ended.error());
        let_go(*std::move(session));
        if (!ended) pause();
    }
    ended_ = true;
}

void Supervisor::judge(std::string_view what, const log::Failure& failure) {
    using Clock = RestartPolicy::Clock;
    failed_ = policy_.judge(failure.reason, Clock::now()) == RestartPolicy::Verdict::kEnd;
    metrics_.log_failed(failure.message);
    ops::log(failed_ ? ops::Level::kError : ops::Level::kWarn, what, {{"reason", failure.message}});
}

void Supervisor::pause() {
    using Clock = RestartPolicy::Clock;
    const auto until = Clock::now() + times_.pause;
    while (!failed_ && !stop_ && Clock::now() < until) {
        std::this_thread::sleep_for(std::min(kLook, times_.pause));
    }
}

// librdkafka 2.0.2 may wait without an end in the destruction of a client.
void Supervisor::let_go(std::unique_ptr<LogSession> session) {
    auto done = std::make_shared<std::promise<void>>();
    const auto is_gone = done->get_future();
    std::thread([session = std::move(session), done]() mutable noexcept {
        session.reset();
        done->set_value();
    }).detach();
    if (is_gone.wait_for(times_.let_go) == std::future_status::ready) return;
    ops::log(ops::Level::kError, "the log's client does not let go; the process has to end",
             {{"waited", std::to_string(times_.let_go.count()) + " ms"}});
    failed_ = stuck_ = true;
}

}  // namespace snowline::enricher
