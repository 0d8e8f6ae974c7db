#include "collector/access/gate.h"

#include "collector/access/app_ids.h"
#include "test/support/http_request.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::access;
using namespace std::chrono_literals;
using snowline::test::get_request;
using snowline::test::post_request;
using Ids = std::vector<std::string>;
using Clock = TokenBuckets::Clock;

namespace {

AccessSettings::Rate rate(std::int64_t per_second, std::int64_t burst) {
    return {.requests_per_second = per_second, .burst = burst};
}

std::string batch(const std::string& events) {
    return R"({"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
           R"("data":[)" +
           events + "]}";
}

Ids app_ids(const Request& request) {
    return find_app_ids(request, Query(request.head.target.query));
}

int judge(const AccessSettings& access, const Request& request,
          Endpoint endpoint = Endpoint::kPost) {
    const Proxies proxies(access);
    Gate gate(access, proxies);
    const auto now = Clock::now();
    if (const auto refusal = gate.judge_head(request, endpoint, now)) return refusal->status();
    const Route route{.endpoint = endpoint, .query = Query(request.head.target.query)};
    if (const auto refusal = gate.judge_events(request, route, now)) return refusal->status();
    return 200;
}

}  // namespace

TEST_CASE("a bucket gives its burst, then its rate, and says how long to wait") {
    TokenBuckets buckets(rate(2, 3), 1000);
    const auto begin = Clock::now();
    for (int i = 0; i < 3; ++i) CHECK(buckets.take("a", begin) == 0);
    CHECK(buckets.take("a", begin) == 1);
    CHECK(buckets.take("b", begin) == 0);
    CHECK(buckets.take("a", begin + 400ms) == 1);
    CHECK(buckets.take("a", begin + 500ms) == 0);
    CHECK(buckets.take("a", begin + 500ms) == 1);
    for (int i = 0; i < 3; ++i) CHECK(buckets.take("a", begin + 1h) == 0);
    CHECK(buckets.take("a", begin + 1h) == 1);
}

TEST_CASE("a full table forgets those who used least, never the one that asks most") {
    TokenBuckets buckets(rate(1, 100), 64);
    const auto now = Clock::now();
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        taken += buckets.take("greedy", now) == 0 ? 1 : 0;
        buckets.take("stranger " + std::to_string(i), now);
    }
    CHECK(taken == 100);
}

TEST_CASE("app ids are those of all events") {
    CHECK(app_ids(get_request("", "/i?e=pv&aid=shop")) == Ids{"shop"});
    CHECK(app_ids(get_request("")) == Ids{""});
    CHECK(app_ids(post_request(batch(R"({"aid":"a"},{"aid":"b"},{"aid":"a"})"))) == Ids{"a", "b"});
    CHECK(app_ids(post_request(batch(R"({"aid":"a"},{"e":"pv"})"))) == Ids{"a", ""});
    CHECK(app_ids(post_request(batch(R"({"aid":"a"},{"e":"pv"})"), "", "/a/b?aid=q")) ==
          Ids{"q", "a"});
    CHECK(app_ids(post_request(R"({"aid":"a"})", "", "/com.acme/v1?aid=hook")) == Ids{"hook"});
    CHECK(app_ids(post_request("no json")) == Ids{""});
}

TEST_CASE("nothing configured lets everybody in") {
    CHECK(judge({}, post_request("x", "Origin: https://evil.example\r\n")) == 200);
}

TEST_CASE("origins are let in by their hosts, and who has none is no browser") {
    AccessSettings access;
    access.origins = {"shop.example"};
    const auto judge_of = [&](const std::string& origin) {
        return judge(access, post_request("x", "Origin: " + origin + "\r\n"));
    };
    CHECK(judge_of("https://shop.example") == 200);
    CHECK(judge_of("https://www.shop.example:8443") == 200);
    CHECK(judge_of("https://myshop.example") == 403);
    CHECK(judge_of("https://shop.example.evil.example") == 403);
    CHECK(judge_of("null") == 403);
    CHECK(judge_of("*") == 403);
    CHECK(judge(access, post_request("x")) == 200);
    CHECK(judge(access, get_request("Origin: https://evil.example\r\n"), Endpoint::kHealth) == 200);
}

TEST_CASE("app ids are let in where all events have one of the list") {
    AccessSettings access;
    access.app_ids = {"shop", "app"};
    CHECK(judge(access, post_request(batch(R"({"aid":"shop"},{"aid":"app"})"))) == 200);
    CHECK(judge(access, post_request(batch(R"({"aid":"shop"},{"aid":"other"})"))) == 403);
    CHECK(judge(access, post_request(batch(R"({"aid":"shop"},{})"))) == 403);
    CHECK(judge(access, get_request("", "/i?aid=app"), Endpoint::kPixel) == 200);
    CHECK(judge(access, get_request("", "/i"), Endpoint::kPixel) == 403);
}

TEST_CASE("rates are by peer; by X-Forwarded-For only where a named proxy wrote it") {
    for (const bool named : {false, true}) {
        AccessSettings access;
        access.rate_per_address = rate(1, 1);
        if (named) access.proxies = {"127.0.0.1"};
        const Proxies proxies(access);
        Gate gate(access, proxies);
        const auto now = Clock::now();
        const auto judge_of = [&](const std::string& address) {
            const auto request = post_request("x", "X-Forwarded-For: " + address + "\r\n");
            const auto refusal = gate.judge_head(request, Endpoint::kPost, now);
            return refusal ? refusal->status() : 200;
        };
        CHECK(judge_of("1.1.1.1") == 200);
        CHECK(judge_of("2.2.2.2") == (named ? 200 : 429));
        CHECK(judge_of("1.1.1.1") == 429);
        CHECK(judge_of("2a00:1:2:3:4::1") == (named ? 200 : 429));
        CHECK(judge_of("2a00:1:2:3:9::9") == 429);
        CHECK(!gate.judge_head(get_request(""), Endpoint::kHealth, now));
    }
}
