// What machines and apps tell: CloudFront, PagerDuty, Pingdom, StatusGator, Urban Airship.
#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher::test {
namespace {

constexpr std::string_view kDate = "2026-03-04\t05:06:07\t";
constexpr std::string_view kEleven =
    "FRA2\t512\t198.51.100.7\tGET\td1.cloudfront.net\t/a.js\t200\t"
    "https://acme.example/?q=%2520x\tAgent%2520One%252F2\ta=%2520b\t";

std::string cloudfront(std::string_view line) {
    return adapted_one(
        {.vendor = "com.amazon.aws.cloudfront", .version = "wd_access_log", .body = line});
}

std::string urban_airship(std::string_view body) {
    return adapted_one({.vendor = "com.urbanairship.connect", .body = body});
}

}  // namespace

TEST_CASE("CloudFront: a line of 26 fields, each of its kind") {
    const std::string line =
        std::string(kDate) + std::string(kEleven) +
        "c=1\tHit\tr3qu3st==\tcdn.acme.example\thttps\t421\t0.001\t-\tTLSv1.3\t"
        "TLS_AES_128_GCM_SHA256\tHit\tHTTP/2.0\t-\t-";
    CHECK(cloudfront(line) ==
          R"(iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/1-0-6 )"
          R"({"dateTime":"2026-03-04T05:06:07Z","xEdgeLocation":"FRA2","scBytes":512,)"
          R"("cIp":"198.51.100.7","csMethod":"GET","csHost":"d1.cloudfront.net",)"
          R"("csUriStem":"/a.js","scStatus":"200","csReferer":"https://acme.example/?q= x",)"
          R"("csUserAgent":"Agent One/2","csUriQuery":"a=%20b","csCookie":"c=1",)"
          R"("xEdgeResultType":"Hit","xEdgeRequestId":"r3qu3st==",)"
          R"("xHostHeader":"cdn.acme.example","csProtocol":"https","csBytes":421,)"
          R"("timeTaken":0.001,"xForwardedFor":"-","sslProtocol":"TLSv1.3",)"
          R"("sslCipher":"TLS_AES_128_GCM_SHA256","xEdgeResponseResultType":"Hit",)"
          R"("csProtocolVersion":"HTTP/2.0","fleStatus":"-","fleEncryptedFields":"-"})");
}

TEST_CASE("CloudFront: each number of fields has its schema, others have none") {
    struct Case {
        int fields;
        std::string_view version;
    };
    for (const Case& c :
         {Case{12, "1-0-0"}, Case{15, "1-0-1"}, Case{18, "1-0-2"}, Case{19, "1-0-3"},
          Case{23, "1-0-4"}, Case{24, "1-0-5"}, Case{26, "1-0-6"}}) {
        const std::string line =
            std::string(kDate) + std::string(static_cast<std::size_t>(c.fields) - 3, '\t');
        CAPTURE(c.fields);
        CHECK(cloudfront(line).starts_with(
            "iglu:com.amazon.aws.cloudfront/wd_access_log/jsonschema/" + std::string(c.version) +
            " {"));
    }
    CHECK(cloudfront("a\tb").find("access log contained 2 fields") != std::string::npos);
}

TEST_CASE("CloudFront: the event is of whom the log tells, not of who sent the log") {
    const std::string line =
        std::string(kDate) + std::string(kEleven.substr(0, kEleven.size() - 1));
    const Adapting log({.vendor = "com.amazon.aws.cloudfront",
                        .version = "wd_access_log",
                        .querystring = "aid=ours",
                        .body = line});
    REQUIRE(log.has_events());
    const RawEvent& event = log.events().front();
    CHECK(event.sender.timestamp_ms == 1772600767000);
    CHECK(event.sender.ip_address == "198.51.100.7");
    CHECK(event.sender.user_agent == "Agent%20One%2F2");
    CHECK(event.parameters.value("url") == "https://acme.example/?q=%2520x");
    CHECK(event.parameters.find("aid") == nullptr);
}

TEST_CASE("CloudFront: an escape that is none fails its field") {
    const std::string line = "2026-03-04\t05:06:07\t\t\t\t\t\t\t\tr%zz\t\t";
    CHECK(cloudfront(line) ==
          R"({"field":"csReferer","value":"r%zz","expectation":"cannot be URL-decoded"})");
}

TEST_CASE("PagerDuty: null that is a text, the type's prefix and lost pluses are put right") {
    CHECK(adapted_one({.vendor = "com.pagerduty",
                       .content_type = "application/json",
                       .body = R"({"messages":[{"type":"incident.resolve","created_on":)"
                               R"("2026-01-01T00:00:00 00:00","data":{"type":"incident.x",)"
                               R"("assigned_to_user":"null","list":[{"a":"null"}]}}]})"}) ==
          R"(iglu:com.pagerduty/incident/jsonschema/1-0-0 {"type":"resolve",)"
          R"("created_on":"2026-01-01T00:00:00+00:00","data":{"type":"x",)"
          R"("assigned_to_user":null,"list":[{"a":"null"}]}})");
}

TEST_CASE("Pingdom: a message whose action is its type; Python's tuples are refused") {
    CHECK(adapted_one(
              {.vendor = "com.pingdom",
               .querystring = "message=%7B%22action%22:%22assign%22,%22check%22:%221%22%7D"}) ==
          R"(iglu:com.pingdom/incident_assign/jsonschema/1-0-0 {"check":"1"})");
    CHECK(adapted_one({.vendor = "com.pingdom", .querystring = "p=(u'app',)&message=%7B%7D"}) ==
          R"x({"field":"p","value":"app","expectation":"should not pass regex \\(u'(.+)',\\)"})x");
}

TEST_CASE("StatusGator: a form's names in camel case") {
    CHECK(adapted_one({.vendor = "com.statusgator",
                       .content_type = "application/x-www-form-urlencoded",
                       .body = "service_name=Acme+CDN&current_status=down&x"}) ==
          R"(iglu:com.statusgator/status_change/jsonschema/1-0-0 )"
          R"({"serviceName":"Acme CDN","currentStatus":"down","x":null})");
}

TEST_CASE("Urban Airship: the event's id and times are the vendor's") {
    constexpr std::string_view kBody =
        R"({"id":"f2d6b8a0-0000-4000-8000-000000000001","type":"OPEN",)"
        R"("occurred":"2026-05-06T07:08:09.123Z","processed":"2026-05-06T09:08:10+02:00"})";
    CHECK(urban_airship(kBody) ==
          "iglu:com.urbanairship.connect/OPEN/jsonschema/1-0-0 " + std::string(kBody));
    const Adapting open(
        {.vendor = "com.urbanairship.connect", .querystring = "eid=no", .body = kBody});
    REQUIRE(open.has_events());
    const RawEvent& event = open.events().front();
    CHECK(event.parameters.value("eid") == "f2d6b8a0-0000-4000-8000-000000000001");
    CHECK(event.parameters.value("ttm") == "1778051289123");
    CHECK(event.sender.timestamp_ms == 1778051290000);
    CHECK(event.sender.ip_address == "203.0.113.7");
}

TEST_CASE("Urban Airship: a time that is none is a failure of its own") {
    CHECK(urban_airship(R"({"id":"x","type":"SEND","occurred":"noon","processed":"2026-05-06"})") ==
          R"({"field":"occurred","value":"noon","expectation":)"
          R"("not a timestamp: Invalid format: \"noon\""})");
}

}  // namespace snowline::enricher::test
