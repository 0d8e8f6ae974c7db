#include "enricher/enrich/pii/pii_concealer.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/text/base64.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

/// The settings of `user_id`, `user_ipaddress`, and the mail of users among the contexts.
PiiSettings settings() {
    json::Arena arena;
    const auto data = json::parse(R"({"parameters":{"pii":[
        {"pojo":{"field":"user_id"}},{"pojo":{"field":"user_ipaddress"}},
        {"json":{"field":"contexts","jsonPath":"$.mail",
                 "schemaCriterion":"iglu:com.acme/user/jsonschema/1-*-*"}}],
        "strategy":{"pseudonymize":{"hashFunction":"MD5","salt":""}}}})",
                                  arena);
    REQUIRE(data);
    test::Files files;
    auto read = PiiSettings::read({.schema = model::SchemaKey{},
                                   .parameters = *data->find("parameters"),
                                   .data = *data,
                                   .assets = files});
    REQUIRE(read);
    return std::move(*read);
}

/// A pseudonym that can be read: the value's length in brackets.
std::string_view by_length(std::string_view value, json::Arena& arena) {
    return arena.copy(std::string_view(fmt::format("<{}>", value.size())));
}

std::string conceal(std::string_view row, const BadRowOrigin& origin) {
    static const PiiSettings pii = settings();
    json::Arena arena;
    return PiiConcealer(pii, arena, by_length).conceal(row, origin);
}

std::string row(std::string_view payload, std::string_view messages = "[]") {
    return fmt::format(
        R"({{"schema":"iglu:a","data":{{"failure":{{"messages":{}}},"payload":{}}}}})", messages,
        payload);
}

constexpr std::string_view kContexts =
    R"({"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0","data":[)"
    R"({"schema":"iglu:com.acme/user/jsonschema/1-0-0","data":{"mail":"bob@acme.com","n":1}},)"
    R"({"schema":"iglu:com.acme/other/jsonschema/1-0-0","data":{"mail":"info@acme.com"}}]})";

TEST_CASE("a column's value is hidden wherever the row shows it") {
    const Sender sender{.ip_address = "203.0.113.7"};
    const std::vector<Parameter> parameters{{"uid", "bob"}, {"aid", "shop"}};
    CHECK(conceal(row(R"({"raw":[{"name":"uid","value":"bob"},"bobsled"],"ip":"203.0.113.7",)"
                      R"("headers":["X-Forwarded-For: 203.0.113.7, 10.0.0.1"],"n":1.0})",
                      R"([{"field":"uid","value":"bob"}])"),
                  {.parameters = parameters, .sender = sender}) ==
          row(R"({"raw":[{"name":"uid","value":"<3>"},"bobsled"],"ip":"<11>",)"
              R"("headers":["X-Forwarded-For: <11>, 10.0.0.1"],"n":1.0})",
              R"([{"field":"uid","value":"<3>"}])"));
}

TEST_CASE("values inside contexts are hidden, plain and in base64") {
    const Sender sender;
    std::string plain;
    json::print_string(kContexts, plain);
    const std::string base64 = text::encode_base64url(kContexts);
    const std::vector<Parameter> parameters{{"cx", base64}};
    const std::string given =
        conceal(row(fmt::format(R"({{"contexts":{},"raw":[{{"name":"cx","value":"{}"}}]}})", plain,
                                base64)),
                {.parameters = parameters, .sender = sender});
    json::Arena arena;
    const auto parsed = json::parse(given, arena);
    REQUIRE(parsed);
    const json::Value payload = *parsed->find("data")->find("payload");
    const std::string hidden = [] {
        std::string out(kContexts);
        return out.replace(out.find("bob@acme.com"), 12, "<12>");
    }();
    CHECK(payload.find("contexts")->text() == hidden);
    CHECK(text::decode_base64_lenient(payload.find("raw")->items()[0].find("value")->text()) ==
          hidden);
}

TEST_CASE("the body of our own protocol is searched for events") {
    const Sender sender;
    const std::string_view body = R"({"schema":"iglu:x","data":[{"uid":"customer-1"}]})";
    std::string printed;
    json::print_string(body, printed);
    const std::string given = conceal(row(fmt::format(R"({{"body":{}}})", printed)),
                                      {.parameters = {}, .sender = sender, .body = body});
    CHECK(given.find("customer-1") == std::string::npos);
    CHECK(given.find("<10>") != std::string::npos);
}

TEST_CASE("what makes a row readable stays, whatever a stranger calls himself") {
    const Sender sender;
    const std::vector<Parameter> parameters{{"uid", "iglu:a"}, {"uid", "2026-01-02T03:04:05.678Z"}};
    const std::string kept = row(R"({"timestamp":"2026-01-02T03:04:05.678Z"})");
    CHECK(conceal(kept, {.parameters = parameters, .sender = sender}) == kept);
}

TEST_CASE("a row without such values is the same to the byte") {
    const Sender sender;
    const std::string same = row(R"({"a" : 1e3})");
    CHECK(conceal(same, {.parameters = {}, .sender = sender}) == same);
}

}  // namespace
}  // namespace snowline::enricher
