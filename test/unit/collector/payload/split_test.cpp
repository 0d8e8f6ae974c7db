#include "collector/payload/split.h"

#include "common/model/collector_payload_thrift.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::collector;

namespace {

constexpr const char* kSchema = R"("iglu:com.acme/p/jsonschema/1-0-0")";

model::CollectorPayload post(const std::string& body) {
    model::CollectorPayload out;
    out.path = "/a/b";
    out.body = body;
    out.headers.emplace();
    return out;
}

std::string body_of(const std::string& record) {
    return *model::from_thrift(record)->body;
}

}  // namespace

TEST_CASE("what fits is one record, as it came") {
    const auto records = split(post("{ }"), {.record_bytes_max = 1000});
    REQUIRE(records.good.size() == 1);
    CHECK(body_of(records.good[0]) == "{ }");
}

TEST_CASE("a POST of many events becomes records in the events' order; what is too large is bad") {
    std::string data;
    for (int i = 0; i < 10; ++i)
        data += (i ? ", " : "") + (R"({"n":)" + std::to_string(i) + R"(,"x":")") +
                std::string(40, 'x') + "\"}";
    data += R"(, {"huge":")" + std::string(400, 'h') + R"("}, {"last":1.0})";
    const auto records =
        split(post(std::string(R"({"schema":)") + kSchema + R"(, "data":[)" + data + "]}"),
              {.record_bytes_max = 350});
    REQUIRE(records.bad.size() == 1);
    CHECK(records.bad[0].find("this POST request split is still too large") != std::string::npos);
    std::string joined;
    for (const std::string& record : records.good) {
        CHECK(record.size() < 350);
        joined += body_of(record);
    }
    std::size_t at = 0;
    for (int i = 0; i < 10; ++i) {
        at = joined.find(R"({"n":)" + std::to_string(i), at);
        CHECK(at != std::string::npos);
    }
    CHECK(joined.ends_with(R"({"last":1.0}]})"));
}

TEST_CASE("what cannot be split is one bad row that says why") {
    struct Case {
        std::optional<std::string> body;
        const char* why;
    };
    const std::string padding(600, 'x');
    const std::vector<Case> cases{
        {std::nullopt, "GET requests cannot be split"},
        {padding,
         "cannot split POST requests which are not json expected json value got 'xxxxxx...'"},
        {"[\"" + padding + "\"]",
         "cannot split POST requests which are not self-describing JsonObject"},
        {"{\"a\":\"" + padding + "\"}", "schema key is not available"},
        {"{\"schema\":\"iglu:bad\",\"data\":\"" + padding + "\"}",
         "Invalid Iglu URI: iglu:bad, code: INVALID_IGLUURI"},
        {std::string("{\"schema\":") + kSchema + ",\"data\":\"" + padding + "\"}",
         "do not contain a data array"},
        {std::string("{\"schema\":") + kSchema + ",\"data\":[],\"x\":\"" + padding + "\"}",
         "is still too big"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.why);
        model::CollectorPayload payload = post("");
        payload.body = c.body;
        payload.querystring = padding;
        const auto records = split(payload, {.record_bytes_max = 500});
        CHECK(records.good.empty());
        REQUIRE(records.bad.size() == 1);
        CHECK(records.bad[0].find(c.why) != std::string::npos);
    }
}

TEST_CASE("a bad row shows the beginning of its payload, cut between characters") {
    model::CollectorPayload payload = post("");
    payload.schema = "s";
    payload.body = "\xF0\x9F\x98\x80\xF0\x9F\x98\x80";
    CHECK(
        shown_payload(payload, 10'000) ==
        "CollectorPayload(schema:s, path:/a/b, body:\xF0\x9F\x98\x80\xF0\x9F\x98\x80, headers:[])");
    CHECK(shown_payload(payload, 450) ==
          "CollectorPayload(schema:s, path:/a/b, body:\xF0\x9F\x98\x80");
    CHECK(shown_payload(payload, 440) == "CollectorPayload(schema:s, path:/a/b, body:");
}
