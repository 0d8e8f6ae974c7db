#include "collector/service/service.h"

#include "collector/request/cors.h"
#include "common/model/collector_payload_thrift.h"
#include "test/support/http_request.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::collector;
using test::get_request;
using test::post_request;
using test::read_request;

namespace {

constexpr const char* kFreshId = "11111111-2222-4333-8444-555555555555";

ServiceSettings settings() {
    ServiceSettings out;
    out.sink = "stdout";
    return out;
}

Reply handle(const ServiceSettings& chosen, const Request& request, Moment moment = {}) {
    const Service service(chosen);
    const Route route = service.route(request.head);
    return service.handle(request, route, moment, [] { return std::string(kFreshId); });
}

std::optional<std::string> header(const Reply& reply, std::string_view name) {
    for (const ResponseHeader& one : reply.response.headers) {
        if (one.name == name) return one.value;
    }
    return std::nullopt;
}

model::CollectorPayload event(const Reply& reply) {
    REQUIRE(reply.records.good.size() == 1);
    return *model::from_thrift(reply.records.good.front());
}

}  // namespace

TEST_CASE("a GET is an event and a pixel") {
    Moment moment;
    moment.now_ms = 1'795'411'478'283;
    const Reply reply = handle(settings(), get_request("User-Agent: x/1\r\n"), moment);
    CHECK(reply.response.status == 200);
    CHECK(reply.response.content_type == "image/gif");
    CHECK(reply.response.body.size() == 43);
    CHECK(*header(reply, "Set-Cookie") ==
          std::string("sp=") + kFreshId +
              "; Expires=Tue, 23 Nov 2027 05:24:38 GMT; Path=/; Secure; HttpOnly; SameSite=None");
    CHECK(*header(reply, "Access-Control-Allow-Origin") == "*");
    const auto stored = event(reply);
    CHECK(stored.path == "/i");
    CHECK(stored.querystring == "e=pv");
    CHECK(stored.user_agent == "x/1");
    CHECK(stored.ip_address == "127.0.0.1");
    CHECK(stored.network_user_id == kFreshId);
    CHECK(stored.timestamp_ms == 1'795'411'478'283);
    CHECK_FALSE(stored.body);
    CHECK_FALSE(stored.content_type);
}

TEST_CASE("a POST's body is stored, and its type last among the headers") {
    const Reply reply =
        handle(settings(), post_request("{}", "Content-Type: application/JSON\r\nX: 1\r\n"));
    CHECK(reply.response.body == "ok");
    CHECK_FALSE(header(reply, "Cache-Control"));
    const auto stored = event(reply);
    CHECK(stored.body == "{}");
    CHECK(stored.content_type == "application/json");
    CHECK(*stored.headers ==
          std::vector<std::string>{"Host: test.example.com", "X: 1", "application/json"});
}

TEST_CASE("routes answer as they should") {
    struct Case {
        const char* request_line;
        int status;
        const char* body;
    };
    const auto c = GENERATE(
        Case{"GET /health", 200, "OK"}, Case{"HEAD /health", 200, "OK"},
        Case{"GET /sink-health", 200, "OK"}, Case{"HEAD /sink-health", 200, "OK"},
        Case{"POST /health", 404, "404 not found"},
        Case{"GET /robots.txt", 200, "User-agent: *\nDisallow: /"},
        Case{"GET /", 404, "404 not found"}, Case{"GET /crossdomain.xml", 404, "404 not found"},
        Case{"GET /a/b/c", 404, "404 not found"}, Case{"GET /a/b/", 404, "404 not found"},
        Case{"POST /i", 404, "404 not found"}, Case{"PUT /a/b", 404, "404 not found"},
        Case{"GET /r/tp2?u=x", 404, "redirects disabled"},
        Case{"OPTIONS /r/tp2", 404, "redirects disabled"}, Case{"OPTIONS *", 200, ""},
        Case{"OPTIONS /x", 200, ""});
    CAPTURE(c.request_line);
    const Reply reply = handle(
        settings(), read_request(std::string(c.request_line) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK(reply.response.status == c.status);
    CHECK(reply.response.body == c.body);
    CHECK(reply.records.good.empty());
}

TEST_CASE("health says what the moment is") {
    Moment moment;
    moment.healthy = false;
    moment.sinks_healthy = false;
    CHECK(handle(settings(), get_request("", "/health"), moment).response.status == 503);
    CHECK(handle(settings(), get_request("", "/sink-health"), moment).response.status == 503);
}

TEST_CASE("an anonymous request leaves no trace of a person, readable or not") {
    const Reply reply =
        handle(settings(), get_request("SP-Anonymous: *\r\nX-Forwarded-For: bad, 1.2.3.4\r\n"
                                       "X-Real-Ip: [::1]\r\nCookie: sp={\"\r\nCookie: sp=a\r\n"));
    CHECK_FALSE(header(reply, "Set-Cookie"));
    const auto stored = event(reply);
    CHECK(stored.ip_address == "unknown");
    CHECK(stored.network_user_id == kAnonymousId);
    CHECK(*stored.headers == std::vector<std::string>{"Host: test.example.com", "SP-Anonymous: *"});
}

TEST_CASE("the visitor is whom the request says") {
    const auto id = [](const Request& request) {
        return *event(handle(settings(), request)).network_user_id;
    };
    CHECK(id(get_request("Cookie: sp=c\r\n")) == "c");
    CHECK(id(get_request("Cookie: sp=c\r\n", "/i?nuid=q&nuid=r")) == "q");
    CHECK(id(get_request("", "/i?nuid")) == "");
    CHECK(id(get_request("", "/i?n3pc=true")) == "00000000-0000-4000-A000-000000000000");
    CHECK(id(get_request("")) == kFreshId);
}

TEST_CASE("an id that no cookie can hold is stored, and sets none") {
    const Reply reply = handle(settings(), get_request("", "/i?nuid=a%20b%0D%0ASet-Cookie:x"));
    CHECK(reply.response.status == 200);
    CHECK_FALSE(header(reply, "Set-Cookie"));
    CHECK(*event(reply).network_user_id == "a b\r\nSet-Cookie:x");
}

TEST_CASE("the cookie's domain is the first that an origin is within") {
    ServiceSettings chosen = settings();
    chosen.cookie.domains = {"acme.com", "foo.com"};
    chosen.cookie.fallback_domain = "fall.back";
    const auto domain = [&](const char* lines) {
        const auto cookie = *header(handle(chosen, get_request(lines)), "Set-Cookie");
        const auto at = cookie.find("Domain=") + 7;
        return cookie.substr(at, cookie.find(';', at) - at);
    };
    CHECK(domain("Origin: https://www.acme.com\r\n") == "acme.com");
    CHECK(domain("Origin: http://x.foo.com http://acme.com\r\n") == "acme.com");
    CHECK(domain("Origin: https://notacme.com\r\n") == "fall.back");
    CHECK(domain("Origin: null\r\n") == "fall.back");
    CHECK(domain("") == "fall.back");
}

TEST_CASE("a second cookie for scripts has no HttpOnly") {
    ServiceSettings chosen = settings();
    chosen.cookie.client_cookie_name = "spjs";
    const Reply reply = handle(chosen, get_request("Cookie: sp=a\r\n"));
    std::vector<std::string> cookies;
    for (const auto& one : reply.response.headers) {
        if (one.name == "Set-Cookie") cookies.push_back(one.value);
    }
    REQUIRE(cookies.size() == 2);
    CHECK(cookies[1].starts_with("spjs=a; "));
    CHECK(cookies[1].find("HttpOnly") == std::string::npos);
    CHECK(cookies[0].find("HttpOnly") != std::string::npos);
}

TEST_CASE("who does not want to be tracked is not, and gets the usual answer") {
    ServiceSettings chosen = settings();
    chosen.do_not_track_cookie = {.enabled = true, .name = "dnt", .value = "1|yes.*"};
    const Reply reply = handle(chosen, get_request("Cookie: dnt=yes-please\r\n"));
    CHECK(reply.response.body.size() == 43);
    CHECK(reply.records.good.empty());
    CHECK_FALSE(header(reply, "Set-Cookie"));
    CHECK(handle(chosen, get_request("Cookie: dnt=11\r\n")).records.good.size() == 1);
    CHECK(handle(chosen, get_request("Cookie: DNT=1\r\n")).records.good.size() == 1);
}

TEST_CASE("a new visitor bounces once; the query keeps its order") {
    ServiceSettings chosen = settings();
    chosen.cookie_bounce.enabled = true;
    chosen.cookie_bounce.forwarded_protocol_header = "X-Forwarded-Proto";
    const Reply reply = handle(
        chosen, get_request("X-Forwarded-Proto: HTTPS\r\n", "/i?b=2&a=1&a=x%20y&c&d=/&e=%26"));
    CHECK(reply.response.status == 302);
    CHECK(*header(reply, "Location") ==
          "https://test.example.com/i?b=2&a=x+y&c&d=/&e=%26&n3pc=true");
    CHECK(reply.records.good.empty());
    CHECK(handle(chosen, get_request("", "/i?n3pc=true")).records.good.size() == 1);
    CHECK(handle(chosen, get_request("Cookie: sp=a\r\n")).records.good.size() == 1);
    CHECK(handle(chosen, post_request("x")).records.good.size() == 1);
}

TEST_CASE("credentials are for origins that were read") {
    const auto reply = handle(settings(), get_request("Origin: https://A.b:8080\r\n"));
    CHECK(*header(reply, "Access-Control-Allow-Origin") == "https://a.b:8080");
    CHECK(*header(reply, "Access-Control-Allow-Credentials") == "true");
    const auto unreadable = handle(settings(), get_request("Origin: https://a.b/path\r\n"));
    CHECK(*header(unreadable, "Access-Control-Allow-Origin") == "*");
    CHECK_FALSE(header(unreadable, "Access-Control-Allow-Credentials"));
}

TEST_CASE("plain HTTP is sent to https where so configured") {
    ServiceSettings chosen = settings();
    chosen.ssl = {.enable = true, .redirect = true, .port = 8443};
    const auto location = [&](const Request& request) {
        return header(handle(chosen, request), "Location");
    };
    CHECK(*location(get_request("", "/a%2f/b?q={")) ==
          "https://test.example.com:8443/a%2F/b?q=%7B");
    CHECK(*location(get_request("X-Forwarded-Proto: HTTP\r\n", "/health")) ==
          "https://test.example.com/health");
    Request secure = get_request("");
    secure.secure = true;
    CHECK_FALSE(location(secure));
}

TEST_CASE("Strict-Transport-Security is sent where it is switched on") {
    ServiceSettings chosen = settings();
    CHECK_FALSE(header(handle(chosen, get_request("")), "Strict-Transport-Security"));
    chosen.hsts.enable = true;
    CHECK(*header(handle(chosen, get_request("")), "Strict-Transport-Security") ==
          "max-age=31536000");
}

TEST_CASE("a body beyond maxPayloadSize is a bad row, and 200") {
    ServiceSettings chosen = settings();
    chosen.body_bytes_max = 10;
    const Reply reply = handle(chosen, post_request("12345678901"));
    CHECK(reply.response.status == 200);
    CHECK(reply.records.good.empty());
    REQUIRE(reply.records.bad.size() == 1);
    CHECK(reply.records.bad[0].find("size_violation") != std::string::npos);
    CHECK(handle(chosen, post_request("1234567890")).records.good.size() == 1);
}

TEST_CASE("records are placed by address where so configured") {
    ServiceSettings chosen = settings();
    CHECK(handle(chosen, get_request("")).partition_key == kFreshId);
    chosen.keyed_by = KeyedBy::kClientIp;
    CHECK(handle(chosen, get_request("X-Forwarded-For: ::1\r\n")).partition_key ==
          "0:0:0:0:0:0:0:1");
    CHECK(handle(chosen, get_request("SP-Anonymous: *\r\n")).partition_key == kFreshId);
}

TEST_CASE("a pattern that is none is an error at the start") {
    ServiceSettings chosen = settings();
    chosen.do_not_track_cookie = {.enabled = true, .name = "dnt", .value = "("};
    CHECK_THROWS_AS(Service(chosen), std::invalid_argument);
}

TEST_CASE("a 503 can be read by the page whose events it is about") {
    const Response response = refusal_response(wire::Refusal{wire::RefusalReason::kNotDurable},
                                               get_request("Origin: https://a.b\r\n"));
    CHECK(response.status == 503);
    std::vector<std::string> names;
    for (const ResponseHeader& one : response.headers) names.push_back(one.name);
    CHECK(names == std::vector<std::string>{"Retry-After", "Access-Control-Allow-Origin",
                                            "Access-Control-Allow-Credentials"});
}
