// What is told of rows that brokers found too large: a limit, smaller batches, or that nothing
// fits.
#include "common/log/kafka/refusals.h"

#include <catch2/catch.hpp>

namespace snowline::log::kafka {
namespace {

/// Topics' settings, and what is said of refusals.
struct Fixture {
    std::map<std::string, std::size_t> settings;
    Refusals refusals{{.request_bytes_max = 1'048'576, .batch_bytes = 1'000'000},
                      [this](const std::vector<std::string>&) { return settings; },
                      "broker:9092"};
};

}  // namespace

TEST_CASE("a batch that is refused tells the limit as it is now, and goes again in parts") {
    Fixture fixture;
    fixture.settings = {{"good", 100'000}};
    CHECK(fixture.refusals.record_limits({"good"}).at("good") == 99'800);
    fixture.settings = {{"good", 20'000}};
    const auto batch = fixture.refusals.judge({{"good", 0, 9'000}, {"good", 0, 12'000}});
    CHECK(batch.reason == Reason::kUnavailable);
    CHECK(batch.topic == "good");
    CHECK(batch.record_bytes_max == 19'800);
    CHECK(fixture.refusals.batch_bytes() == 20'000);
}

TEST_CASE("rows that were made for an older limit are too large, and not the limit too small") {
    Fixture fixture;
    fixture.settings = {{"good", 100'000}};
    fixture.refusals.record_limits({"good"});
    SECTION("the new limit came with the refusal of a batch") {
        fixture.settings = {{"good", 20'000}};
        fixture.refusals.judge({{"good", 0, 9'000}, {"good", 0, 12'000}});
        fixture.refusals.record_limits({"good"});
        fixture.settings = {{"good", 5'000}};
        const auto batch = fixture.refusals.judge({{"good", 0, 3'000}, {"good", 0, 4'000}});
        CHECK(batch.record_bytes_max == 4'800);
    }
    SECTION("the limits were read while the batch was open") {
        fixture.settings = {{"good", 5'000}};
        CHECK(fixture.refusals.record_limits({"good"}).at("good") == 4'800);
        const auto open = fixture.refusals.judge({{"good", 0, 12'000}});
        CHECK(open.reason == Reason::kTooLarge);
        CHECK(open.record_bytes_max == 4'800);
    }
    SECTION("the limit went up and down again in between") {
        fixture.settings = {{"good", 5'000}};
        CHECK(fixture.refusals.judge({{"good", 0, 12'000}}).record_bytes_max == 4'800);
        fixture.settings = {{"good", 100'000}};
        CHECK(fixture.refusals.record_limits({"good"}).at("good") == 99'800);
        fixture.settings = {{"good", 5'000}};
        const auto again = fixture.refusals.judge({{"good", 0, 12'000}});
        CHECK(again.reason == Reason::kTooLarge);
    }
}

TEST_CASE("a row above the limit that it was made for shows that nothing smaller can be made") {
    Fixture fixture;
    fixture.settings = {{"bad", 5'000}};
    CHECK(fixture.refusals.judge({{"bad", 0, 6'000}}).reason == Reason::kTooLarge);
    const auto again = fixture.refusals.judge({{"bad", 0, 5'500}});
    CHECK(again.reason == Reason::kRefused);
    CHECK(again.topic == "bad");
    CHECK_THAT(again.message, Catch::Contains("--bootstrap-server broker:9092 --alter"));
}

TEST_CASE("a row that is refused alone is too large, unless any row is larger") {
    Fixture fixture;
    const auto alone = fixture.refusals.judge({{"good", 0, 30'000}, {"bad", 0, 100}});
    CHECK(alone.reason == Reason::kTooLarge);
    CHECK(alone.topic == "good");
    CHECK(alone.record_bytes_max == 29'999);
    CHECK(fixture.refusals.judge({{"good", 0, 1'000}}).reason == Reason::kRefused);
}

TEST_CASE("a row that the client itself does not take is smaller next time") {
    Fixture fixture;
    const auto unsent = fixture.refusals.judge_unsent({.reason = Reason::kTooLarge,
                                                       .message = "",
                                                       .topic = "good",
                                                       .record_bytes_max = 1'000'000});
    CHECK(unsent.record_bytes_max == 999'999);
    CHECK(fixture.refusals.record_limits({"good"}).at("good") == 999'999);
}

}  // namespace snowline::log::kafka
