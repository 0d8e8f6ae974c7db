#include "common/log/kafka/sticky_partitioner.h"

#include <set>

#include <catch2/catch.hpp>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
const StickyPartitioner::Time kNow = StickyPartitioner::Time{} + 1h;

}  // namespace

TEST_CASE("what comes in a moment goes to one partition, then the next has its turn") {
    StickyPartitioner partitioner(7);
    const auto first = partitioner.take(4, 500, kNow);
    CHECK(partitioner.take(4, 500, kNow + 9ms) == first);
    const auto second = partitioner.take(4, 500, kNow + 10ms);
    CHECK(second == (first + 1) % 4);
    CHECK(partitioner.take(4, 500, kNow + 19ms) == second);
}

TEST_CASE("a batch that is full ends a turn") {
    StickyPartitioner partitioner(0);
    const auto first = partitioner.take(4, 500'000, kNow);
    CHECK(partitioner.take(4, 400'000, kNow) == first);
    CHECK(partitioner.take(4, 1, kNow) == (first + 1) % 4);
    // Even of records that are larger than a turn there is one in each.
    const auto third = partitioner.take(4, 2'000'000, kNow);
    CHECK(third == (first + 2) % 4);
    CHECK(partitioner.take(4, 2'000'000, kNow) == (first + 3) % 4);
}

TEST_CASE("a partition that waits for a report has its turn after those that do not") {
    StickyPartitioner partitioner(3);  // partition 0 is next
    partitioner.sent(0);
    partitioner.sent(1);
    partitioner.sent(1);
    CHECK(partitioner.take(4, 1, kNow) == 2);
    partitioner.reported(1);
    CHECK(partitioner.take(4, 1, kNow + 10ms) == 3);
    partitioner.sent(2);
    partitioner.sent(3);
    partitioner.reported(1);
    CHECK(partitioner.take(4, 1, kNow + 20ms) == 1);
    partitioner.sent(1);
    CHECK(partitioner.take(4, 1, kNow + 30ms) == 2);  // all wait: the next one
}

TEST_CASE("a topic's partitions grow") {
    StickyPartitioner partitioner(0);
    CHECK(partitioner.take(1, 1, kNow) == 0);
    std::set<std::int32_t> seen;
    for (int i = 1; i <= 3; ++i) seen.insert(partitioner.take(3, 1, kNow + i * 10ms));
    CHECK(seen == std::set<std::int32_t>{0, 1, 2});
}

}  // namespace snowline::log::kafka
