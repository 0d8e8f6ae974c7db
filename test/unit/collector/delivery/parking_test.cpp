#include "collector/delivery/parking.h"

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
using log::Reason;
using Place = Parking::Place;

const Parking::Time kStart = Parking::Time{} + 1h;
const Place kRaw0{"raw", 0}, kRaw1{"raw", 1}, kBad{"bad", -1};

std::vector<std::int64_t> numbers_of(Parking::Numbers numbers) {
    std::vector<std::int64_t> out;
    while (!numbers.empty()) out.push_back(*numbers.take_first());
    return out;
}
using Numbers = std::vector<std::int64_t>;

bool always(const Place&) {
    return true;
}

}  // namespace

TEST_CASE("what is parked for a place closes that place, and no other") {
    Parking parking;
    parking.park(kBad, Reason::kUnknownTopic, 1, kStart);
    CHECK(parking.closed(kBad) == Reason::kUnknownTopic);
    CHECK_FALSE(parking.closed(kRaw0).has_value());
    parking.park(kRaw0, Reason::kUnavailable, 2, kStart);
    CHECK(parking.closed(kRaw0) == Reason::kUnavailable);
    CHECK_FALSE(parking.closed(kRaw1).has_value());
}

TEST_CASE("a record that is too large keeps nobody waiting") {
    Parking parking;
    parking.park(kBad, Reason::kTooLarge, 1, kStart);
    CHECK_FALSE(parking.closed(kBad).has_value());
    CHECK(numbers_of(parking.succeeded(kBad, 2, kStart)).empty());
    CHECK(parking.counts().at({"bad", Reason::kTooLarge}) == 1);
}

TEST_CASE("one is tried after a second, later ever more seldom, and success lets all go") {
    Parking parking;
    for (const std::int64_t number : {1, 2, 3}) {
        parking.park(kBad, Reason::kUnknownTopic, number, kStart);
    }
    CHECK(parking.due(kStart + 900ms).empty());
    auto trials = parking.due(kStart + 1s);
    REQUIRE(trials.size() == 1);
    CHECK(trials[0].numbers == Numbers{1});
    CHECK(parking.counts().at({"bad", Reason::kUnknownTopic}) == 3);
    CHECK(parking.closed(kBad).has_value());
    parking.park(kBad, Reason::kUnknownTopic, 1, kStart + 1s);
    CHECK(parking.due(kStart + 2900ms).empty());
    trials = parking.due(kStart + 3s);
    REQUIRE(trials.size() == 1);
    CHECK(numbers_of(parking.succeeded(kBad, trials[0].numbers[0], kStart + 3s)) == Numbers{2, 3});
    CHECK_FALSE(parking.closed(kBad).has_value());
    CHECK(parking.counts().empty());
}

TEST_CASE("records that are refused for themselves are tried in growing numbers once they go") {
    Parking parking;
    for (std::int64_t number = 1; number <= 10; ++number) {
        parking.park(kBad, Reason::kTooLarge, number, kStart);
    }
    const auto now = kStart + 1s;
    for (const std::size_t size : {1, 2, 7}) {
        const auto trials = parking.due(now);
        REQUIRE(trials.size() == 1);
        CHECK(trials[0].numbers.size() == size);
        for (const auto number : trials[0].numbers) (void)parking.succeeded(kBad, number, now);
    }
    CHECK(parking.counts().empty());
    CHECK(parking.due(now + 1h).empty());
}

TEST_CASE("a place has one reason, the newest, since it came up") {
    Parking parking;
    parking.park(kRaw1, Reason::kUnknownTopic, 1, kStart);
    parking.park(kRaw1, Reason::kUnknownTopic, 2, kStart);
    parking.park(kRaw1, Reason::kUnknownPartition, 3, kStart + 2s);
    CHECK(parking.closed(kRaw1) == Reason::kUnknownPartition);
    CHECK(parking.since(kRaw1, Reason::kUnknownPartition) == kStart + 2s);
    parking.park(kRaw1, Reason::kUnknownPartition, 4, kStart + 5s);
    CHECK(parking.since(kRaw1, Reason::kUnknownPartition) == kStart + 2s);
    CHECK(numbers_of(parking.take_all(kRaw1, Reason::kUnknownPartition)) == Numbers{1, 2, 3, 4});
    CHECK_FALSE(parking.closed(kRaw1).has_value());
}

TEST_CASE("probes are of the stream, and take its places in turn") {
    Parking parking;
    parking.park(kBad, Reason::kUnavailable, 1, kStart);
    CHECK_FALSE(parking.probe("raw", always).has_value());
    parking.park(kRaw0, Reason::kUnavailable, 2, kStart);
    parking.park(kRaw0, Reason::kUnavailable, 3, kStart);
    parking.park(kRaw1, Reason::kUnavailable, 4, kStart);
    CHECK(parking.probe("raw", always) == 2);
    CHECK(parking.probe("raw", always) == 4);
    CHECK(parking.probe("raw", always) == 3);
    CHECK_FALSE(parking.probe("raw", always).has_value());
    CHECK(parking.probe("bad", always) == 1);
    CHECK(parking.due(kStart + 1h).empty());
}

TEST_CASE("what waits for a log goes when it is there, where its place moves") {
    Parking parking;
    parking.park(kRaw0, Reason::kUnavailable, 1, kStart);
    parking.park(kRaw1, Reason::kUnavailable, 2, kStart);
    parking.park(kBad, Reason::kUnavailable, 3, kStart);
    CHECK(parking.waiting("raw") == 2);
    CHECK(numbers_of(parking.resume("raw", always, kStart + 900ms)).empty());
    const auto first = [](const Place& place) { return place.partition == 0; };
    CHECK(numbers_of(parking.resume("raw", first, kStart + 1s)) == Numbers{1});
    CHECK(parking.closed(kRaw1) == Reason::kUnavailable);
    CHECK(numbers_of(parking.resume("raw", always, kStart + 1s)) == Numbers{2});
    CHECK(parking.waiting("bad") == 1);
}

}  // namespace snowline::collector
