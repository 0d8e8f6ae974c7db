// What all adapters have in common.
#include "enricher/adapt/date_time.h"
#include "enricher/adapt/number.h"
#include "enricher/adapt/reshape.h"
#include "test/unit/enricher/adapt/adapting.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {

using test::adapted;
using test::adapted_one;

TEST_CASE("a path that no adapter serves is a failure") {
    CHECK(adapted_one({.vendor = "com.acme", .version = "v2"}) ==
          R"({"field":"vendor/version","value":"com.acme/v2",)"
          R"("expectation":"vendor/version combination is not supported"})");
}

TEST_CASE("a request without a body is refused by all who need one") {
    for (const std::string_view vendor :
         {"com.mailchimp", "com.mailgun", "com.mandrill", "com.olark", "com.pagerduty",
          "com.statusgator", "com.unbounce", "com.urbanairship.connect", "com.marketo",
          "com.getvero"}) {
        CAPTURE(vendor);
        CHECK(adapted_one({.vendor = vendor}) ==
              R"({"field":"body","value":null,"expectation":"empty body: no events to process"})");
    }
    CHECK(adapted_one({.vendor = "com.hubspot"}) ==
          R"({"field":"body","value":null,"expectation":"empty body: not events to process"})");
}

TEST_CASE("a content type that is not the vendor's is refused") {
    constexpr std::string_view kNone =
        R"({"field":"contentType","value":null,"expectation":"no content type: expected )";
    for (const std::string_view vendor : {"com.mailgun", "com.pagerduty", "com.hubspot"}) {
        CAPTURE(vendor);
        CHECK(adapted_one({.vendor = vendor, .body = "[]"}) ==
              std::string(kNone) + R"(application/json"})");
        CHECK(adapted_one({.vendor = vendor, .content_type = "text/plain", .body = "[]"}) ==
              R"({"field":"contentType","value":"text/plain","expectation":)"
              R"("expected application/json"})");
    }
    for (const std::string_view vendor :
         {"com.mailchimp", "com.mandrill", "com.olark", "com.statusgator", "com.unbounce"}) {
        CAPTURE(vendor);
        CHECK(adapted_one({.vendor = vendor, .body = "a=b"}) ==
              std::string(kNone) + R"(application/x-www-form-urlencoded"})");
    }
}

TEST_CASE("the operator's schemas stand in the place of ours, in events and in failures") {
    const SchemaReplacements replaced{
        {std::string(replaceable_schema("vero", "created").value()),
         "iglu:com.acme/v/jsonschema/1-0-0"},
        {std::string(replaceable_schema("callrail", "call_complete").value()),
         "iglu:com.acme/c/jsonschema/2-0-0"},
        {std::string(replaceable_schema("googleAnalytics", "hit").value()),
         "iglu:com.acme/h/jsonschema/1-0-0"}};
    const auto line = [&](const test::Request& request) {
        return test::Adapting(request, nullptr, &replaced).lines().front();
    };
    CHECK(line({.vendor = "com.getvero", .body = R"({"type":"user_created"})"}) ==
          "iglu:com.acme/v/jsonschema/1-0-0 {}");
    CHECK(line({.vendor = "com.getvero", .body = R"({"type":"zz"})"})
              .find(R"("user_created":"iglu:com.acme/v/jsonschema/1-0-0")") != std::string::npos);
    CHECK(line({.vendor = "com.callrail", .querystring = "id=1"}) ==
          R"(iglu:com.acme/c/jsonschema/2-0-0 {"id":"1"})");
    const test::Adapting hit({.vendor = "com.google.analytics", .body = "t=pageview"}, nullptr,
                             &replaced);
    REQUIRE(hit.has_events());
    CHECK(hit.events().front().parameters.value("co")->find("iglu:com.acme/h/jsonschema/1-0-0") !=
          std::string_view::npos);
    CHECK_FALSE(replaceable_schema("callrail", "call_lost"));
}

TEST_CASE("a body of nothing but bad events does not grow without end") {
    std::string body = "[0";
    for (int i = 0; i < 100'000; ++i) body += ",0";
    body += "]";
    CHECK(adapted({.vendor = "com.hubspot", .content_type = "application/json", .body = body})
              .size() == 2000);
}

TEST_CASE("names become camel case at seams of underscores and dashes") {
    json::Arena arena;
    CHECK(camel_case("last_status", arena) == "lastStatus");
    CHECK(camel_case("X-Mailgun-Sid", arena) == "xMailgunSid");
    CHECK(camel_case("_tags", arena) == "Tags");
    CHECK(camel_case("a__b", arena) == "a_b");
    CHECK(camel_case("data.json", arena) == "data.json");
    CHECK(camel_case("end_", arena) == "end_");
    CHECK(camel_case("", arena) == "");
}

TEST_CASE("whole numbers are those without a fraction, however they are written") {
    CHECK(whole_number(json::Value::number("12")) == 12);
    CHECK(whole_number(json::Value::number("12.0")) == 12);
    CHECK(whole_number(json::Value::number("1.2e1")) == 12);
    CHECK(whole_number(json::Value::number("-9223372036854775808")) == INT64_MIN);
    CHECK_FALSE(whole_number(json::Value::number("12.5")));
    CHECK_FALSE(whole_number(json::Value::number("1e400")));
    CHECK_FALSE(whole_number(json::Value::number("9223372036854775808")));
    CHECK_FALSE(whole_number(json::Value::string("12")));
}

TEST_CASE("plain times need every part, and only those days that there are") {
    CHECK(parse_plain_time("1970-01-01 00:00:01") == 1000);
    CHECK(parse_plain_time("1970-1-1 0:0:1") == 1000);
    CHECK_FALSE(parse_plain_time("2026-02-29 00:00:00"));
    CHECK_FALSE(parse_plain_time("2026-01-01T00:00:00"));
    CHECK_FALSE(parse_plain_time("2026-01-01 00:00"));
    CHECK_FALSE(parse_plain_time("2026-01-01 00:00:00Z"));
    CHECK_FALSE(parse_plain_time(""));
}

TEST_CASE("ISO times may lack smaller parts and the offset") {
    CHECK(*parse_iso_time("1970-01-01T00:00:01Z") == 1000);
    CHECK(*parse_iso_time("1970-01-01T01:00:01.5+01:00") == 1500);
    CHECK(*parse_iso_time("1970-01-01T00:00:01-0030") == 1'801'000);
    CHECK(*parse_iso_time("1970-01-02") == 86'400'000);
    CHECK(*parse_iso_time("1971") == 365LL * 86'400'000);
    CHECK(parse_iso_time("xTy+00:00").error() == "Invalid format: \"xTy+00:00\"");
    CHECK(parse_iso_time("2026-01-01Tx").error() ==
          "Invalid format: \"2026-01-01Tx\" is malformed at \"x\"");
    CHECK_FALSE(parse_iso_time("2026-13-01"));
    CHECK_FALSE(parse_iso_time("2026-01-01T24:00:00Z"));
}

TEST_CASE("doubles are written as the reference's platform writes them") {
    json::Arena arena;
    const auto written = [&](double number) { return json::print(double_json(number, arena)); };
    CHECK(written(35) == "35.0");
    CHECK(written(0.001) == "0.001");
    CHECK(written(0.0001) == "1.0E-4");
    CHECK(written(9'999'999) == "9999999.0");
    CHECK(written(12'345'678.5) == "1.23456785E7");
    CHECK(written(-0.1) == "-0.1");
    CHECK(written(0) == "0.0");
    CHECK(written(1e300) == "1.0E300");
}

TEST_CASE("doubles are read as the reference's platform reads them") {
    CHECK(parse_double("1.5") == 1.5);
    CHECK(parse_double(" -1.5d ") == -1.5);
    CHECK(parse_double(".5e1") == 5.0);
    CHECK(parse_double("1e-400") == 0.0);
    CHECK_FALSE(parse_double("+-1"));
    CHECK_FALSE(parse_double("1.5x"));
    CHECK_FALSE(parse_double("."));
    CHECK_FALSE(parse_double(""));
}

TEST_CASE("two decimals are rounded half to even, on the text") {
    CHECK(parse_two_decimals("12.345") == 12.34);
    CHECK(parse_two_decimals("12.355") == 12.36);
    CHECK(parse_two_decimals("12.3451") == 12.35);
    CHECK(parse_two_decimals("9.999") == 10.0);
    CHECK(parse_two_decimals("-0.005") == 0.0);
    CHECK(parse_two_decimals("1e2") == 100.0);
    CHECK(parse_two_decimals("4") == 4.0);
    CHECK_FALSE(parse_two_decimals("4,5"));
}

}  // namespace snowline::enricher
