// What follows from a topic that cannot be written: nothing is committed, or rows are parked; and
// when it is tried again.
#include "enricher/run/output_watch.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;
const OutputWatch::Time kNow = OutputWatch::Time{} + 1h;

enum : OutputIndex { kGood, kBad, kPii };

Outputs outputs(OnUnavailable good = OnUnavailable::kWait) {
    Output first = good_output();
    first.on_unavailable = good;
    return Outputs({first, bad_output(), pii_output()});
}

log::Failure failure(log::Reason reason, const std::string& topic) {
    return {.reason = reason, .message = "as the test says", .topic = topic};
}

std::optional<std::string> trouble(const OutputWatch& watch, const std::string& topic) {
    for (const TopicState& state : watch.states()) {
        if (state.topic == topic) return state.trouble;
    }
    return "no such topic";
}

}  // namespace

TEST_CASE("topics are named once, and the one for copies with them") {
    const OutputWatch watch(Outputs({good_json_output(), good_output(), bad_output()}), "dedupe");
    CHECK(watch.topics() == std::vector<std::string>{"good", "bad", "dedupe"});
}

TEST_CASE("a topic that is gone is waited for, until a look finds it again") {
    const Outputs all = outputs();
    OutputWatch watch(all);
    CHECK(watch.is_due(kNow));
    watch.looked({failure(log::Reason::kUnknownTopic, "good")}, kNow);
    CHECK(watch.waits());
    CHECK(trouble(watch, "good") == "as the test says");
    CHECK_FALSE(trouble(watch, "bad"));
    CHECK_FALSE(all.states().is_parked(kGood));
    CHECK_FALSE(watch.is_due(kNow + 999ms));
    CHECK(watch.is_due(kNow + 1s));
    watch.looked_in_vain(kNow + 1s);  // the log is away: what was known holds
    CHECK(watch.waits());
    watch.looked({}, kNow + 2s);
    CHECK_FALSE(watch.waits());
    CHECK_FALSE(trouble(watch, "good"));
    CHECK_FALSE(watch.is_due(kNow + 6s));
    CHECK(watch.is_due(kNow + 7s));
}

TEST_CASE("an output that parks lets the others go on") {
    const Outputs all = outputs(OnUnavailable::kPark);
    OutputWatch watch(all);
    watch.refused(failure(log::Reason::kUnknownTopic, "good"), kNow);
    CHECK_FALSE(watch.waits());
    CHECK(all.states().is_parked(kGood));
    CHECK(trouble(watch, "good"));
    // Bad rows have no other place, and this one waits.
    watch.refused(failure(log::Reason::kUnknownTopic, "bad"), kNow);
    CHECK(watch.waits());
    watch.looked({failure(log::Reason::kUnknownTopic, "pii")}, kNow + 1s);
    CHECK(watch.waits());
    CHECK_FALSE(all.states().is_parked(kGood));
    watch.looked({}, kNow + 2s);
    CHECK_FALSE(watch.waits());
}

TEST_CASE("whether a right is back only a commit tells") {
    const auto policy = GENERATE(OnUnavailable::kWait, OnUnavailable::kPark);
    const bool parks = policy == OnUnavailable::kPark;
    CAPTURE(parks);
    const auto again = kNow + (parks ? 30s : 5s);
    const Outputs all = outputs(policy);
    OutputWatch watch(all);
    watch.refused(failure(log::Reason::kRefused, "good"), kNow);
    CHECK(watch.waits() != parks);
    watch.looked({}, again - 1s);
    CHECK(watch.waits() != parks);
    CHECK(all.states().is_parked(kGood) == parks);
    // Now it is tried, and still named.
    watch.looked({}, again);
    CHECK_FALSE(watch.waits());
    CHECK_FALSE(all.states().is_parked(kGood));
    CHECK(trouble(watch, "good"));
    watch.committed({"bad"});
    CHECK(trouble(watch, "good"));
    SECTION("in vain") {
        watch.refused(failure(log::Reason::kRefused, "good"), again);
        CHECK(watch.waits() != parks);
        CHECK(all.states().is_parked(kGood) == parks);
    }
    SECTION("with success") {
        watch.committed({"bad", "good"});
        CHECK_FALSE(watch.waits());
        CHECK_FALSE(trouble(watch, "good"));
    }
}

TEST_CASE("rows wait for a topic while the log answers, and for none that is parked") {
    const auto policy = GENERATE(OnUnavailable::kWait, OnUnavailable::kPark);
    const bool parks = policy == OnUnavailable::kPark;
    CAPTURE(parks);
    OutputWatch watch(outputs(policy));
    const auto is_waited_for = [&] { return watch.states().front().is_waited_for; };
    watch.looked({failure(log::Reason::kUnknownTopic, "good")}, kNow);
    CHECK(is_waited_for() != parks);
    watch.looked_in_vain(kNow + 1s);
    CHECK_FALSE(is_waited_for());
    CHECK(trouble(watch, "good"));
    watch.looked({failure(log::Reason::kUnknownTopic, "good")}, kNow + 2s);
    CHECK(is_waited_for() != parks);
    watch.looked({}, kNow + 3s);
    CHECK_FALSE(is_waited_for());
}

TEST_CASE("a partition without a leader is waited for, whatever the policy") {
    const Outputs all = outputs(OnUnavailable::kPark);
    OutputWatch watch(all);
    watch.looked({failure(log::Reason::kUnavailable, "good")}, kNow);
    CHECK(watch.waits());
    CHECK_FALSE(all.states().is_parked(kGood));
}

TEST_CASE("a right that is of no topic is waited for and tried again") {
    OutputWatch watch(outputs(OnUnavailable::kPark));
    watch.refused(failure(log::Reason::kRefused, ""), kNow);
    CHECK(watch.waits());
    CHECK(trouble(watch, "") == "as the test says");
    watch.looked({}, kNow + 5s);
    CHECK_FALSE(watch.waits());
    watch.committed({});
    CHECK(trouble(watch, "") == "no such topic");
}

}  // namespace snowline::enricher
