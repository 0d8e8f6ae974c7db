#include "collector/delivery/pace.h"

#include <algorithm>
#include <deque>

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
const Pace::Time kBegin = Pace::Time{} + 1h;

/// A log that takes `rate` records a second, `lump` at a time, and is offered others: what it says
/// in time of those that are let in.
struct Log {
    int rate;
    int lump;
    Pace pace{1500ms};
    std::deque<Pace::Time> queue{};
    Pace::Time now = kBegin;
    double due = 0;
    int let_in = 0, turned_away = 0, in_time = 0, late = 0;

    void run(std::chrono::milliseconds time, int offered) {
        double left = 0;
        for (const auto end = now + time; now < end; now += 1ms) {
            for (left += offered / 1000.0; left >= 1; --left) {
                if (pace.is_behind(now)) {
                    ++turned_away;
                    continue;
                }
                ++let_in;
                pace.sent(0, now);
                queue.push_back(now);
            }
            due = queue.empty() ? 0 : due + rate / 1000.0;
            while (!queue.empty()) {
                const int ready = std::min(lump, static_cast<int>(queue.size()));
                if (due < ready) break;
                due -= ready;
                for (int i = 0; i < ready; ++i, queue.pop_front()) {
                    ++(now - queue.front() < 1500ms ? in_time : late);
                    pace.acknowledged(0, queue.front(), now);
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
    Pace pace(1500ms);
    std::deque<Pace::Time> queue;
    int turned_away = 0;
    for (auto now = kBegin; now < kBegin + 20s; now += 1ms) {
        const bool is_due = (now - kBegin) / 1ms % 10 == 0;
        if (is_due && pace.is_behind(now)) {
            ++turned_away;
        } else if (is_due) {
            pace.sent(0, now);
            queue.push_back(now);
        }
        for (; !queue.empty() && now - queue.front() >= 700ms; queue.pop_front()) {
            pace.acknowledged(0, queue.front(), now);
        }
    }
    CHECK(turned_away == 0);
}

TEST_CASE("a partition that is stuck keeps nobody out of the others") {
    Pace pace(1500ms);
    for (int i = 0; i < 500; ++i) pace.sent(2, kBegin);
    pace.sent(1, kBegin);
    pace.acknowledged(1, kBegin, kBegin + 300ms);
    CHECK_FALSE(pace.is_behind(kBegin + 4s));
    for (auto now = kBegin + 4s; now < kBegin + 60s; now += 1s) {
        CHECK_FALSE(pace.is_behind(now));
        pace.sent(1, now);
        pace.acknowledged(1, now, now + 300ms);
    }
}

TEST_CASE("somebody is let in even while it is behind, and what fails is no longer waited for") {
    Pace pace(1500ms);
    for (int i = 0; i < 100; ++i) pace.sent(0, kBegin);
    pace.acknowledged(0, kBegin, kBegin + 600ms);
    CHECK_FALSE(pace.is_behind(kBegin + 700ms));  // it is not known yet
    CHECK_FALSE(pace.is_behind(kBegin + 1200ms));
    for (int ms = 1201; ms < 2200; ++ms) CHECK(pace.is_behind(kBegin + ms * 1ms));
    CHECK_FALSE(pace.is_behind(kBegin + 2200ms));
    CHECK(pace.is_behind(kBegin + 2201ms));
    for (int i = 0; i < 99; ++i) pace.failed(0);
    CHECK_FALSE(pace.is_behind(kBegin + 2202ms));
}

}  // namespace snowline::collector
