#include "collector/delivery/turns.h"

#include <set>

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
const Turns::Time kNow = Turns::Time{} + 1h;

}  // namespace

TEST_CASE("what comes in a moment goes to one partition, then the next has its turn") {
    Turns turns(7);
    const auto first = turns.take(4, 500, kNow);
    CHECK(turns.take(4, 500, kNow + 9ms) == first);
    const auto second = turns.take(4, 500, kNow + 10ms);
    CHECK(second == (first + 1) % 4);
    CHECK(turns.take(4, 500, kNow + 19ms) == second);
}

TEST_CASE("a batch that is full ends a turn") {
    Turns turns(0);
    const auto first = turns.take(4, 500'000, kNow);
    CHECK(turns.take(4, 400'000, kNow) == first);
    CHECK(turns.take(4, 1, kNow) == (first + 1) % 4);
    // Even of records that are larger than a turn there is one in each.
    const auto third = turns.take(4, 2'000'000, kNow);
    CHECK(third == (first + 2) % 4);
    CHECK(turns.take(4, 2'000'000, kNow) == (first + 3) % 4);
}

TEST_CASE("a partition that waits for a report has its turn after those that do not") {
    Turns turns(3);  // partition 0 is next
    turns.sent(0);
    turns.sent(1);
    turns.sent(1);
    CHECK(turns.take(4, 1, kNow) == 2);
    turns.reported(1);
    CHECK(turns.take(4, 1, kNow + 10ms) == 3);
    turns.sent(2);
    turns.sent(3);
    turns.reported(1);
    CHECK(turns.take(4, 1, kNow + 20ms) == 1);
    turns.sent(1);
    CHECK(turns.take(4, 1, kNow + 30ms) == 2);  // all wait: the next one
}

TEST_CASE("a topic's partitions grow") {
    Turns turns(0);
    CHECK(turns.take(1, 1, kNow) == 0);
    std::set<std::int32_t> seen;
    for (int i = 1; i <= 3; ++i) seen.insert(turns.take(3, 1, kNow + i * 10ms));
    CHECK(seen == std::set<std::int32_t>{0, 1, 2});
}

}  // namespace snowline::collector
