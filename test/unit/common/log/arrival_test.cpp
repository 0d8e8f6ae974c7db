#include "common/log/arrival.h"

#include <catch2/catch.hpp>

namespace snowline::log {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000, kHour = 3'600'000;

Record record_at(std::int64_t ms) {
    Record made{.topic = "raw", .value = "v"};
    made.timestamp_ms = ms;
    return made;
}

}  // namespace

TEST_CASE("a refused time becomes now, then none, and the arrival stays in the header") {
    const auto second = with_another_time(record_at(kNow + 2 * kHour), kNow);
    REQUIRE(second.has_value());
    CHECK(second->timestamp_ms == kNow);
    CHECK(arrival_ms(*second) == kNow + 2 * kHour);
    const auto third = with_another_time(*second, kNow + 5);
    REQUIRE(third.has_value());
    CHECK(third->timestamp_ms == kNoTimestamp);
    CHECK(arrival_ms(*third) == kNow + 2 * kHour);
    CHECK(third->headers.size() == 1);
    CHECK_FALSE(with_another_time(*third, kNow + 9).has_value());
}

TEST_CASE("what this machine's clock has just said is not tried again") {
    const auto second = with_another_time(record_at(kNow), kNow + 20);
    REQUIRE(second.has_value());
    CHECK(second->timestamp_ms == kNoTimestamp);
    CHECK(arrival_ms(*second) == kNow);
}

TEST_CASE("a header that is no number says nothing") {
    Record record = record_at(kNow);
    CHECK_FALSE(arrival_ms(record).has_value());
    for (const char* value : {"", "x", "12x", " 12"}) {
        record.headers = {{std::string(kArrivalHeader), value}};
        CHECK_FALSE(arrival_ms(record).has_value());
    }
}

}  // namespace snowline::log
