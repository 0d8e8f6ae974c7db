#include "collector/privacy/rules.h"

#include "test/support/http_request.h"

#include <catch2/catch.hpp>

using namespace snowline::collector;
using namespace snowline::collector::privacy;
using snowline::test::get_request;

TEST_CASE("the stricter of two signals holds, and only 1 is one") {
    PrivacySettings settings;
    settings.gpc = SignalPolicy::kMark;
    settings.dnt = SignalPolicy::kDrop;
    CHECK(decide(get_request(""), settings).action == SignalPolicy::kIgnore);
    CHECK(decide(get_request("Sec-GPC: 1\r\n"), settings).action == SignalPolicy::kMark);
    CHECK(decide(get_request("Sec-GPC: 1\r\nDNT: 1\r\n"), settings).action == SignalPolicy::kDrop);
    CHECK(decide(get_request("Sec-GPC: 0\r\nDNT: yes\r\n"), settings).action ==
          SignalPolicy::kIgnore);
}

TEST_CASE("an event is anonymous as its request wishes, or as the policy for its signals says") {
    PrivacySettings settings;
    settings.dnt = SignalPolicy::kAnonymise;
    settings.gpc = SignalPolicy::kMark;
    const auto anonymity_of = [&](std::string_view lines) {
        return decide(get_request(lines), settings).anonymity();
    };
    CHECK(anonymity_of("") == Anonymity::kNone);
    CHECK(anonymity_of("Sec-GPC: 1\r\n") == Anonymity::kNone);
    CHECK(anonymity_of("DNT: 1\r\n") == Anonymity::kAnonymous);
    CHECK(anonymity_of("Sec-GPC: 1\r\nDNT: 1\r\n") == Anonymity::kAnonymous);
    CHECK(anonymity_of("SP-Anonymous: *\r\n") == Anonymity::kAnonymous);
    const HeaderRules rules(settings, decide(get_request("DNT: 1\r\n"), settings));
    CHECK_FALSE(rules.keeps("Cookie"));
    CHECK_FALSE(rules.keeps("X-Forwarded-For"));
}

TEST_CASE("addresses are cut as far as the policy says") {
    CHECK(reduce_ip("81.2.69.142", IpPolicy::kKeep) == "81.2.69.142");
    CHECK(reduce_ip("81.2.69.142", IpPolicy::kTruncate) == "81.2.69.0");
    CHECK(reduce_ip("2001:db8:1:2:3:4:5:6", IpPolicy::kTruncate) == "2001:db8:1:0:0:0:0:0");
    CHECK(reduce_ip("81.2.69.142", IpPolicy::kDrop) == "unknown");
    CHECK(reduce_ip("unknown", IpPolicy::kTruncate) == "unknown");
}

TEST_CASE("an anonymous event has no header that tells who sent it, nor which others they sent") {
    const auto request = get_request("SP-Anonymous: *\r\n");
    const PrivacySettings settings;
    const HeaderRules rules(settings, decide(request, settings));
    for (const char* name : {"Cookie", "authorization", "Forwarded", "X-Forwarded-For",
                             "CF-Connecting-IP", "traceparent", "tracestate"}) {
        CHECK_FALSE(rules.keeps(name));
    }
    CHECK(rules.keeps("User-Agent"));
}

TEST_CASE("allow-lists know names in any case, and cookies one by one") {
    PrivacySettings settings;
    settings.headers = {"user-agent", "COOKIE"};
    settings.cookies = {"sp"};
    const auto request = get_request("Cookie: a=1; sp=2; SP=3\r\nCookie: b=1\r\nX-A: 1\r\n");
    const HeaderRules rules(settings, decide(request, settings));
    CHECK(rules.keeps("User-Agent"));
    CHECK_FALSE(rules.keeps("X-A"));
    CHECK(rules.value_of(request.headers[1]) == "sp=2");
    CHECK_FALSE(rules.value_of(request.headers[2]));
}
