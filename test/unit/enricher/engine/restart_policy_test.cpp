// Which failures of the log end the enricher, and what it does after the others.
#include "enricher/engine/restart_policy.h"

#include "enricher/engine/supervisor.h"

#include <deque>
#include <optional>

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;
using namespace std::chrono_literals;

namespace {

using Judged = RestartPolicy::Verdict;

log::Failure failure(log::Reason reason) {
    return {.reason = reason, .message = "as the test says"};
}

// Ends as its script says: with a failure, or, where there is none, with the supervisor.
class ScriptedSession final : public LogSession {
public:
    explicit ScriptedSession(std::optional<log::Reason> ends_with) : ends_with_(ends_with) {}

    Result<void, log::Failure> run(const std::atomic<bool>& stop) override {
        if (ends_with_) return unexpected(failure(*ends_with_));
        while (!stop) std::this_thread::sleep_for(1ms);
        return {};
    }

private:
    std::optional<log::Reason> ends_with_;
};

struct Attempt {
    std::optional<log::Reason> open_fails, run_fails;
};

// What happens at one attempt after the other; the last one goes on until it is stopped.
struct Script {
    std::deque<Attempt> attempts;
    std::atomic<int> opened = 0;

    Result<std::unique_ptr<LogSession>, log::Failure> open() {
        ++opened;
        const Attempt attempt = attempts.empty() ? Attempt{} : attempts.front();
        if (!attempts.empty()) attempts.pop_front();
        if (attempt.open_fails) return unexpected(failure(*attempt.open_fails));
        return std::make_unique<ScriptedSession>(attempt.run_fails);
    }
};

template <class Condition>
bool comes_true(Condition condition) {
    for (int i = 0; i < 5000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

}  // namespace

TEST_CASE("each failure of the log has its verdict") {
    struct Case {
        log::Reason reason;
        Judged verdict;
    };
    for (const auto& [reason, verdict] : {
             Case{log::Reason::kUnavailable, Judged::kRestart},
             Case{log::Reason::kFull, Judged::kRestart},
             Case{log::Reason::kStale, Judged::kRestart},
             Case{log::Reason::kBroken, Judged::kRestart},
             Case{log::Reason::kConflict, Judged::kRestart},
             Case{log::Reason::kUnknownPartition, Judged::kRestart},
             Case{log::Reason::kTooLarge, Judged::kEnd},
             Case{log::Reason::kUnknownTopic, Judged::kEnd},
             Case{log::Reason::kRefused, Judged::kEnd},
         }) {
        CAPTURE(static_cast<int>(reason));
        RestartPolicy policy;
        CHECK(policy.judge(reason, {}) == verdict);
    }
}

TEST_CASE("who is fenced five times within a minute has a twin") {
    RestartPolicy policy;
    RestartPolicy::Clock::time_point now{};
    for (int i = 0; i < 4; ++i) {
        CHECK(policy.judge(log::Reason::kFenced, now += 10s) == Judged::kRestart);
    }
    CHECK(policy.judge(log::Reason::kFenced, now += 10s) == Judged::kEnd);

    RestartPolicy patient;
    for (int i = 0; i < 20; ++i) {
        CHECK(patient.judge(log::Reason::kFenced, now += 16s) == Judged::kRestart);
    }
}

TEST_CASE("a log that fails is opened again, and only what had been read counts as a restart") {
    Script script{.attempts = {{.open_fails = log::Reason::kUnavailable},
                               {.run_fails = log::Reason::kBroken},
                               {.run_fails = log::Reason::kUnavailable}}};
    Metrics metrics;
    Supervisor supervisor([&] { return script.open(); }, metrics, {.pause = 1ms});
    REQUIRE(comes_true([&] {
        return script.opened == 4 && metrics.totals().counters["enrich_log_connected"] == 1;
    }));
    CHECK(metrics.totals().counters["enrich_restarts_total"] == 2);
    CHECK_FALSE(supervisor.has_ended());
    CHECK_FALSE(supervisor.has_failed());
    supervisor.stop();
    REQUIRE(comes_true([&] { return supervisor.has_ended(); }));
    CHECK_FALSE(supervisor.has_failed());
    CHECK(metrics.totals().counters["enrich_log_connected"] == 0);
}

TEST_CASE("a log that refuses us ends the enricher") {
    for (const Attempt attempt : {Attempt{.open_fails = log::Reason::kRefused},
                                  Attempt{.run_fails = log::Reason::kRefused}}) {
        Script script{.attempts = {attempt}};
        Metrics metrics;
        const Supervisor supervisor([&] { return script.open(); }, metrics, {.pause = 1ms});
        REQUIRE(comes_true([&] { return supervisor.has_ended(); }));
        CHECK(supervisor.has_failed());
        CHECK(script.opened == 1);
    }
}

TEST_CASE("stopping does not wait for the pause behind a failure") {
    Script script{.attempts = {{.open_fails = log::Reason::kUnavailable}}};
    Metrics metrics;
    Supervisor supervisor([&] { return script.open(); }, metrics, {.pause = 1h});
    REQUIRE(comes_true([&] { return script.opened == 1; }));
    supervisor.stop();
    CHECK(comes_true([&] { return supervisor.has_ended(); }));
}

namespace {

// Destroyed when the test says so: librdkafka's clients may never be.
class StuckSession final : public LogSession {
public:
    explicit StuckSession(std::atomic<bool>& may_go, std::atomic<bool>& is_gone)
        : may_go_(may_go), is_gone_(is_gone) {}
    ~StuckSession() override {
        while (!may_go_) std::this_thread::sleep_for(1ms);
        is_gone_ = true;
    }
    Result<void, log::Failure> run(const std::atomic<bool>&) override {
        return unexpected(failure(log::Reason::kUnavailable));
    }

private:
    std::atomic<bool>&may_go_, &is_gone_;
};

}  // namespace

TEST_CASE("a session that does not let go ends the enricher, which says so") {
    std::atomic<bool> may_go = false, is_gone = false;
    Metrics metrics;
    {
        Supervisor supervisor(
            [&]() -> Result<std::unique_ptr<LogSession>, log::Failure> {
                return std::make_unique<StuckSession>(may_go, is_gone);
            },
            metrics, {.pause = 1ms, .let_go = 20ms});
        REQUIRE(comes_true([&] { return supervisor.has_ended(); }));
        CHECK(supervisor.has_failed());
        CHECK(supervisor.is_stuck());
        CHECK_FALSE(is_gone);
        CHECK(metrics.totals().log_trouble == "as the test says");
    }
    may_go = true;
    CHECK(comes_true([&] { return is_gone.load(); }));
}
