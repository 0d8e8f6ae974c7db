#include "enricher/run/batch_size.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;
using namespace std::chrono_literals;

namespace {

constexpr BatchBounds kBounds{.records_min = 50,
                              .records_max = 8000,
                              .bytes_min = 1 << 20,
                              .bytes_max = 16 << 20,
                              .target = 200ms};

log::PollLimits limits(std::size_t records, std::size_t bytes = 4 << 20) {
    return {.records_max = records, .bytes_max = bytes, .wait = 100ms};
}

BatchOutcome took(std::size_t records, std::chrono::milliseconds mapping,
                  std::chrono::milliseconds committing = 0ms) {
    return {.records = records, .bytes = 0, .mapping = mapping, .committing = committing};
}

std::size_t next(std::size_t records_max, const BatchOutcome& outcome) {
    return next_limits(limits(records_max), outcome, kBounds).records_max;
}

}  // namespace

TEST_CASE("a full batch that was quick makes the next one larger, up to the bound") {
    CHECK(next(1000, took(1000, 40ms, 20ms)) == 2000);
    CHECK(next(6000, took(6000, 40ms, 20ms)) == 8000);
    CHECK(next(1000, took(1000, 80ms, 60ms)) == 1000);  // neither quick nor slow
    const auto by_bytes =
        next_limits(limits(1000),
                    {.records = 10, .bytes = 4 << 20, .mapping = 1ms, .committing = 1ms}, kBounds);
    CHECK(by_bytes.bytes_max == 8 << 20);
}

TEST_CASE("without a backlog nothing changes") {
    CHECK(next(1000, took(3, 1ms, 9ms)) == 1000);
    CHECK(next(8000, took(7999, 40ms)) == 8000);
}

TEST_CASE("a slow batch makes the next one smaller, full or not, down to the bound") {
    CHECK(next(1000, took(1000, 200ms, 50ms)) == 800);
    CHECK(next(1000, took(10, 10s)) == 500);
    CHECK(next(60, took(60, 10s)) == 50);
}

TEST_CASE("under a steady backlog the size settles where a batch takes about the target") {
    auto size = limits(50);
    for (int i = 0; i < 40; ++i) {  // 0.1 ms a record and 10 ms a commit
        const std::chrono::microseconds mapping(size.records_max * 100);
        size = next_limits(
            size, {.records = size.records_max, .bytes = 0, .mapping = mapping, .committing = 10ms},
            kBounds);
    }
    CHECK(size.records_max >= 900);
    CHECK(size.records_max <= 2000);
    CHECK(size.wait == 100ms);
}

TEST_CASE("only a trickle gathers for a moment") {
    CHECK(pause_after(limits(1000), {.records = 0}, kBounds) == 0ms);
    CHECK(pause_after(limits(1000), {.records = 1, .bytes = 100}, kBounds) == 100ms);
    CHECK(pause_after(limits(1000), {.records = 1000, .bytes = 100}, kBounds) == 0ms);
    CHECK(pause_after(limits(1000), {.records = 10, .bytes = 5 << 20}, kBounds) == 0ms);
}
