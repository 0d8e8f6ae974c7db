#include "enricher/metrics/progress.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;
using namespace std::chrono_literals;

namespace {

const Progress::Time kStart{1000s};
constexpr std::int64_t kStartMs = 1'000'000;

log::Record record(std::int32_t partition, std::int64_t offset, std::int64_t timestamp_ms) {
    return {.topic = "raw", .timestamp_ms = timestamp_ms, .partition = partition, .offset = offset};
}

log::PartitionLag lag(std::int32_t partition, std::int64_t committed, std::int64_t end) {
    return {.of = {"raw", partition}, .committed = committed, .end = end};
}

}  // namespace

TEST_CASE("lag is told in records and as the age of the oldest one that is not committed") {
    Progress progress(kStart);
    progress.looked_up({{lag(0, 10, 10), lag(1, 5, 5)}}, kStart);
    progress.polled(
        {{record(0, 10, kStartMs - 300), record(0, 11, kStartMs), record(1, 5, kStartMs)}});
    progress.polled({{record(0, 12, kStartMs + 100)}});

    auto partitions = progress.partitions(kStart + 2s, kStartMs + 2000);
    REQUIRE(partitions.size() == 2);
    CHECK(partitions[0].lag == 3);
    CHECK(partitions[0].lag_age == 2300ms);
    CHECK(partitions[1].lag == 1);

    progress.committed({{{"raw", 0, 12}, {"raw", 1, 6}}}, kStart + 2s);
    partitions = progress.partitions(kStart + 3s, kStartMs + 3000);
    CHECK(partitions[0].committed == 12);
    CHECK(partitions[0].end == 13);
    CHECK(partitions[0].lag == 1);
    CHECK(partitions[0].lag_age == 2900ms);
    CHECK(partitions[1].lag == 0);
    CHECK(partitions[1].lag_age == 0ms);
    CHECK(partitions[1].stalled == 0ms);
}

TEST_CASE("a partition that does not move while it has lag is stalled; others are not") {
    Progress progress(kStart);
    progress.looked_up({{lag(0, 10, 10), lag(1, 5, 5)}}, kStart);
    progress.looked_up({{lag(0, 10, 30), lag(1, 5, 5)}}, kStart + 5s);
    progress.looked_up({{lag(0, 10, 40), lag(1, 5, 5)}}, kStart + 65s);
    const auto partitions = progress.partitions(kStart + 65s, kStartMs + 65'000);
    CHECK(partitions[0].stalled == 60s);
    CHECK(partitions[0].lag_age == 60s);
    CHECK(partitions[1].stalled == 0s);
}

TEST_CASE("without progress is who has something to do and commits nothing") {
    Progress progress(kStart);
    progress.looked_up({{lag(0, 10, 10)}}, kStart + 95s);
    progress.idle(kStart + 100s);
    CHECK(progress.age(kStart + 100s) == 0s);

    SECTION("a batch that is open") {
        progress.polled({{record(0, 10, kStartMs)}});
        progress.idle(kStart + 200s);
        CHECK(progress.age(kStart + 230s) == 130s);
        progress.committed({{{"raw", 0, 11}}}, kStart + 231s);
        CHECK(progress.age(kStart + 231s) == 0s);
    }
    SECTION("lag, and nothing comes") {
        progress.looked_up({{lag(0, 10, 11)}}, kStart + 195s);
        progress.idle(kStart + 200s);
        CHECK(progress.age(kStart + 230s) == 130s);
    }
    SECTION("the partitions are another's now") {
        progress.polled({{record(0, 10, kStartMs)}});
        progress.dropped();
        progress.looked_up({}, kStart + 195s);
        progress.idle(kStart + 200s);
        CHECK(progress.age(kStart + 230s) == 30s);
    }
    SECTION("the log cannot be reached") {
        progress.idle(kStart + 200s);  // nobody could look since second 95
        CHECK(progress.age(kStart + 230s) == 130s);
    }
}
