#include "collector/delivery/breaker.h"

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
using State = Breaker::State;

const Breaker::Time kStart = Breaker::Time{} + std::chrono::hours(1);

}  // namespace

TEST_CASE("an overdue record opens the breaker, and any acknowledgement closes it") {
    Breaker breaker;
    CHECK(breaker.is_closed());
    breaker.failed(kStart, kStart + 1500ms);
    CHECK(breaker.state() == State::kOpen);
    breaker.succeeded(kStart + 1600ms);
    CHECK(breaker.is_closed());
}

TEST_CASE("a failure of one record does not open it where the log has acknowledged others since") {
    Breaker breaker;
    breaker.succeeded(kStart + 100ms);
    breaker.failed(kStart, kStart + 1500ms);
    CHECK(breaker.is_closed());
    breaker.failed(kStart + 200ms, kStart + 1700ms);
    CHECK_FALSE(breaker.is_closed());
}

TEST_CASE("there is one probe a second while it is open, the first a second after it opened") {
    Breaker breaker;
    CHECK_FALSE(breaker.take_probe(kStart));
    breaker.failed(kStart, kStart);
    int probes = 0;
    for (auto at = kStart; at < kStart + 5500ms; at += 10ms) {
        if (!breaker.take_probe(at)) continue;
        ++probes;
        CHECK(breaker.state() == State::kHalfOpen);
        CHECK_FALSE(breaker.take_probe(at));
        breaker.failed(at, at);
        CHECK(breaker.state() == State::kOpen);
    }
    CHECK(probes == 5);
}

TEST_CASE("further failures while it is open do not put the next probe off") {
    Breaker breaker;
    breaker.failed(kStart, kStart);
    breaker.failed(kStart, kStart + 900ms);
    CHECK(breaker.take_probe(kStart + 1000ms));
}

TEST_CASE("a probe that succeeds closes it") {
    Breaker breaker;
    breaker.failed(kStart, kStart);
    REQUIRE(breaker.take_probe(kStart + 1s));
    CHECK_FALSE(breaker.is_closed());
    breaker.succeeded(kStart + 1100ms);
    CHECK(breaker.is_closed());
    CHECK(breaker.last_success() == kStart + 1100ms);
}

}  // namespace snowline::collector
