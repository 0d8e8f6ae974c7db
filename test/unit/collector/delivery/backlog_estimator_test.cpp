#include "collector/delivery/backlog_estimator.h"

#include <algorithm>
#include <deque>

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
const BacklogEstimator::Time kBegin = BacklogEstimator::Time{} + 1h;

/// A log that takes `rate` records a second, `lump` at a time, and is offered others: what it says
/// in time of those that are let in.
struct Log {
    int rate;
    int lump;
    BacklogEstimator backlog{1500ms};
    std::deque<BacklogEstimator::Time> queue{};
    BacklogEstimator::Time now = kBegin;
    double due = 0;
    int let_in = 0, turned_away = 0, in_time = 0, late = 0;

    void run(std::chrono::milliseconds time, int offered) {
        double left = 0;
        for (const auto end = now + time; now < end; now += 1ms) {
            for (left += offered / 1000.0; left >= 1; --left) {
                if (backlog.is_behind(now)) {
                    ++turned_away;
                    continue;
                }
                ++let_in;
                backlog.sent(0, now);
                queue.push_back(now);
            }
            due = queue.empty() ? 0 : due + rate / 1000.0;
            while (!queue.empty()) {
                const int ready = std::min(lump, static_cast<int>(queue.size()));
                if (due < ready) break;
                due -= ready;
                for (int i = 0; i < ready; ++i, queue.pop_front()) {
                    ++(now - queue.front() < 1500ms ? in_time : late);
                    backlog.acknowledged(0, queue.front(), now);
                }
            }
        }
    }
};

}  // namespace

TEST_CASE("of three times what the log can take, what it can take is let in, and is in time") {
    for (const int rate : {100, 340, 5000}) {
        for (const int lump : {1, rate / 20, rate / 4, rate / 2}) {
            Log log{rate, std::max(lump, 1)};
            log.run(30s, 3 * rate);
            CAPTURE(rate, lump, log.let_in, log.turned_away);
            // Of half a second's lumps one more is late now and then.
            const int percent = lump == rate / 2 ? 90 : 95;
            CHECK(log.in_time > 30 * rate * percent / 100);
            CHECK(log.late < 30 * rate / 20);
        }
    }
}

TEST_CASE("a log that keeps up is never behind") {
    Log log{1000, 250};
    log.run(30s, 900);
    CHECK(log.turned_away == 0);
}

TEST_CASE("a burst, and a log that was away for a moment, turn nobody away") {
    Log log{5000, 50};
    log.run(5s, 1000);
    log.run(100ms, 30'000);
    log.run(5s, 1000);
    CHECK(log.turned_away == 0);
    log.rate = 0;
    log.run(1s, 1000);
    CHECK(log.turned_away == 0);
    log.rate = 20'000;  // it catches up
    log.run(5s, 1000);
    CHECK(log.turned_away == 0);
    CHECK(log.late == 0);
}

TEST_CASE("a log that is quicker again is soon given more") {
    Log log{200, 20};
    log.run(10s, 3000);
    log.rate = 2000;
    log.run(3s, 3000);
    log.in_time = 0;
    log.run(10s, 3000);
    CHECK(log.in_time > 10 * 2000 * 95 / 100);
}

TEST_CASE("a log that is far away, and takes all, is not behind") {
    BacklogEstimator backlog(1500ms);
    std::deque<BacklogEstimator::Time> queue;
    int turned_away = 0;
    for (auto now = kBegin; now < kBegin + 20s; now += 1ms) {
        const bool is_due = (now - kBegin) / 1ms % 10 == 0;
        if (is_due && backlog.is_behind(now)) {
            ++turned_away;
        } else if (is_due) {
            backlog.sent(0, now);
            queue.push_back(now);
        }
        for (; !queue.empty() && now - queue.front() >= 700ms; queue.pop_front()) {
            backlog.acknowledged(0, queue.front(), now);
        }
    }
    CHECK(turned_away == 0);
}

TEST_CASE("a partition that is stuck keeps nobody out of the others") {
    BacklogEstimator backlog(1500ms);
    for (int i = 0; i < 500; ++i) backlog.sent(2, kBegin);
    backlog.sent(1, kBegin);
    backlog.acknowledged(1, kBegin, kBegin + 300ms);
    CHECK_FALSE(backlog.is_behind(kBegin + 4s));
    for (auto now = kBegin + 4s; now < kBegin + 60s; now += 1s) {
        CHECK_FALSE(backlog.is_behind(now));
        backlog.sent(1, now);
        backlog.acknowledged(1, now, now + 300ms);
    }
}

TEST_CASE("somebody is let in even while it is behind, and what fails is no longer waited for") {
    BacklogEstimator backlog(1500ms);
    for (int i = 0; i < 100; ++i) backlog.sent(0, kBegin);
    backlog.acknowledged(0, kBegin, kBegin + 600ms);
    CHECK_FALSE(backlog.is_behind(kBegin + 700ms));  // it is not known yet
    CHECK_FALSE(backlog.is_behind(kBegin + 1200ms));
    for (int ms = 1201; ms < 2200; ++ms) CHECK(backlog.is_behind(kBegin + ms * 1ms));
    CHECK_FALSE(backlog.is_behind(kBegin + 2200ms));
    CHECK(backlog.is_behind(kBegin + 2201ms));
    for (int i = 0; i < 99; ++i) backlog.failed(0);
    CHECK_FALSE(backlog.is_behind(kBegin + 2202ms));
}

}  // namespace snowline::collector
