#include "collector/headers/cookies.h"
#include "collector/headers/stored_header.h"

#include <catch2/catch.hpp>

using namespace snowline::collector::headers;

namespace {

std::string stored(const std::string& name, const std::string& value) {
    const StoredHeader header = read_header({name, value});
    return header.name + ": " + header.value;
}

struct Case {
    const char *name, *value, *stored;
};

}  // namespace

TEST_CASE("headers are stored as the reference renders them") {
    const auto c = GENERATE(
        Case{"x-foo", "a,b", "x-foo: a,b"}, Case{"HOST", "A.b:80", "Host: a.b:80"},
        Case{"Host", "a.b:0", "Host: a.b"}, Case{"Host", "a%20b", "Host: a%20b"},
        Case{"user-agent", "A/1(c)", "User-Agent: A/1 (c)"},
        Case{"User-Agent", "A/1 (c (d) e)", "User-Agent: A/1 (c  (d)e)"},
        Case{"User-Agent", "A (open", "user-agent: A (open"},
        Case{"User-Agent", "A/1;B/2", "user-agent: A/1;B/2"},
        Case{"Cookie", "a=\"b\";; c=d ; e=\xC3\xA9", "Cookie: a=b; c=d"},
        Case{"Cookie", "sp", "cookie: sp"},
        Case{"X-Forwarded-For", "::ffff:1.2.3.4,unknown", "X-Forwarded-For: 1.2.3.4, unknown"},
        Case{"X-Forwarded-For", "2001:DB8::1", "X-Forwarded-For: 2001:db8:0:0:0:0:0:1"},
        Case{"X-Forwarded-For", "1.2.3.4:80", "x-forwarded-for: 1.2.3.4:80"},
        Case{"X-Forwarded-For", "1.2.3.4,", "x-forwarded-for: 1.2.3.4,"},
        Case{"X-Real-Ip", "01.2.3.4", "x-real-ip: 01.2.3.4"},
        Case{"Origin", "HTTPS://A.B:443", "Origin: https://a.b:443"},
        Case{"Origin", "https://a.b/", "origin: https://a.b/"},
        Case{"Origin", "null", "Origin: null"},
        Case{"Referer", "https://X.y:443/a/./b/../%7e%2f?q={1}",
             "Referer: https://x.y/a/~%2F?q=%7B1%7D"},
        Case{"Referer", "https://x.y/a#b", "referer: https://x.y/a#b"},
        Case{"Referer", "https://u@x.y/", "referer: https://u@x.y/"},
        Case{"Accept", "*;q=0.50, TEXT/html;q=1.0", "Accept: */*;q=0.5, text/html"},
        Case{"Accept", "text/html,,*/*", "accept: text/html,,*/*"},
        Case{"Accept-Language", "de,en-GB;q=0", "Accept-Language: de, en-GB;q=0.0"},
        Case{"Accept-Language", "en-", "accept-language: en-"},
        Case{"Accept-Encoding", "GZIP,br;q=1.5", "accept-encoding: GZIP,br;q=1.5"},
        Case{"Accept-Charset", "utf-8", "Accept-Charset: UTF-8"},
        Case{"Cache-Control", "no-cache,max-age=\"5\"", "Cache-Control: no-cache, max-age=5"},
        Case{"If-None-Match", "W/\"x\",\"y\"", "If-None-Match: W/\"x\", \"y\""},
        Case{"If-Match", "\"x\" , \"y\"", "if-match: \"x\" , \"y\""},
        Case{"Date", "Sun Nov  6 08:49:37 1994", "Date: Sun, 06 Nov 1994 08:49:37 GMT"},
        Case{"Date", "Sunday, 06-Nov-94 08:49:37 GMT", "Date: Sun, 06 Nov 1994 08:49:37 GMT"},
        Case{"Date", "Sun, 31 Feb 1994 08:49:37 GMT", "date: Sun, 31 Feb 1994 08:49:37 GMT"},
        Case{"Expect", "banana", "expect: banana"},
        Case{"X-Forwarded-Host", "a.b:80", "X-Forwarded-Host: a.b"},
        Case{"X-Forwarded-Proto", "HTTPS", "X-Forwarded-Proto: https"},
        Case{"authorization", "bearer abc", "Authorization: Bearer abc"});
    CHECK(stored(c.name, c.value) == c.stored);
}

TEST_CASE("a cookie's value may hold everything that no separator is") {
    const auto cookies = parse_cookies("a=b=c; d=; e=f g; h=\"i\"; $j=k");
    REQUIRE(cookies.size() == 4);
    CHECK(cookies[0].value == "b=c");
    CHECK(cookies[1].value.empty());
    CHECK(cookies[2].value == "i");
    CHECK(cookies[3].name == "$j");
}
