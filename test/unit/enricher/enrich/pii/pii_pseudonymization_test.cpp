#include "common/json/build.h"
#include "enricher/enrich/hasher.h"
#include "test/unit/enricher/enrich/enrichment_fixture.h"

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

std::string md5(std::string_view text) {
    json::Arena arena;
    Hasher hasher(HashFunction::kMd5);
    hasher.add(text);
    return std::string(hasher.finish(arena));
}

std::unique_ptr<Enrichment> pii(std::string_view fields, std::string_view others = "") {
    json::Arena arena;
    const std::string text =
        fmt::format(R"({{"emitEvent":true,{}"parameters":{{"pii":{},"strategy":)"
                    R"({{"pseudonymize":{{"hashFunction":"MD5","salt":"pepper"}}}}}}}})",
                    others, fields);
    const auto data = json::parse(text, arena);
    REQUIRE(data);
    const model::SchemaKey schema{};
    test::Files files;
    auto made = make_pii_pseudonymization({.schema = schema,
                                           .parameters = *data->find("parameters"),
                                           .data = *data,
                                           .assets = files});
    REQUIRE(made);
    return std::move(*made);
}

Entity entity(test::Event& event, std::string_view schema, std::string_view data) {
    const auto parsed = json::parse(event.arena.copy(data), event.arena);
    REQUIRE(parsed);
    return {.schema = event.schemas.known(schema), .data = *parsed};
}

constexpr std::string_view kUser = "iglu:com.acme/user/jsonschema/1-0-3";

TEST_CASE("columns are replaced by the hash of value and salt; null stays null") {
    test::Event event;
    event.event.set(Field::kUserId, "bob");
    pii(R"([{"pojo":{"field":"user_id"}},{"pojo":{"field":"mkt_term"}}])")->apply(event.work);
    CHECK(event.event[Field::kUserId] == md5("bobpepper"));
    CHECK_FALSE(event.event.has(Field::kMktTerm));
    REQUIRE(event.work.pii);
    CHECK(*event.work.pii ==
          R"({"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",)"
          R"("data":{"schema":"iglu:com.snowplowanalytics.snowplow/pii_transformation/jsonschema/)"
          R"(1-0-0","data":{"pii":{"pojo":[{"fieldName":"user_id","originalValue":"bob",)"
          R"("modifiedValue":")" +
              md5("bobpepper") + R"("}]},"strategy":{"pseudonymize":{"hashFunction":"MD5"}}}}})");
}

TEST_CASE("texts of members and of whole lists are replaced, items that the path names are not") {
    test::Event event;
    event.event.unstruct_event =
        entity(event, kUser, R"({"mail":"a","list":["b",1,["c"]],"other":["d"],"n":1e3})");
    pii(R"([{"json":{"field":"unstruct_event","jsonPath":"$['mail','list']",
                     "schemaCriterion":"iglu:com.acme/user/jsonschema/1-*-*"}},
            {"json":{"field":"unstruct_event","jsonPath":"$.other[*]",
                     "schemaCriterion":"iglu:com.acme/user/jsonschema/1-*-*"}}])")
        ->apply(event.work);
    CHECK(json::print(event.event.unstruct_event->data) ==
          fmt::format(R"({{"mail":"{}","list":["{}",1,["c"]],"other":["d"],"n":1E+3}})",
                      md5("apepper"), md5("bpepper")));
    CHECK(event.event[Field::kUnstructEvent].find(md5("bpepper")) != std::string_view::npos);
    // what was replaced last is told first
    REQUIRE(event.work.pii);
    CHECK(event.work.pii->find(R"("originalValue":"b")") <
          event.work.pii->find(R"("originalValue":"a")"));
}

TEST_CASE("only JSONs of the schema that is meant are touched, and of no change nothing is told") {
    test::Event event;
    event.event.contexts.push_back(entity(event, kUser, R"({"mail":"a"})"));
    event.event.set(Field::kContexts, "as it was");
    pii(R"([{"json":{"field":"contexts","jsonPath":"$.mail",
                     "schemaCriterion":"iglu:com.acme/user/jsonschema/2-*-*"}}])")
        ->apply(event.work);
    CHECK(event.event[Field::kContexts] == "as it was");
    CHECK_FALSE(event.work.pii);
}

TEST_CASE("a value is hashed again by a second path that leads to it") {
    test::Event event;
    event.event.contexts.push_back(entity(event, kUser, R"({"mail":"a"})"));
    const std::string field = R"({"json":{"field":"contexts","jsonPath":"$.mail",)"
                              R"("schemaCriterion":"iglu:com.acme/user/jsonschema/1-*-*"}})";
    pii("[" + field + "," + field + "]")->apply(event.work);
    CHECK(json::print(event.event.contexts[0].data) ==
          fmt::format(R"({{"mail":"{}"}})", md5(md5("apepper") + "pepper")));
}

TEST_CASE("anonymousOnly wants the header") {
    const auto enrichment = pii(R"([{"pojo":{"field":"user_id"}}])", R"("anonymousOnly":true,)");
    test::Event event;
    event.event.set(Field::kUserId, "bob");
    event.set_headers({"Host: acme.com"});
    enrichment->apply(event.work);
    CHECK(event.event[Field::kUserId] == "bob");
    event.set_headers({"Host: acme.com", "SP-Anonymous: *"});
    enrichment->apply(event.work);
    CHECK(event.event[Field::kUserId] == md5("bobpepper"));
}

TEST_CASE("with a key the value names it") {
    const auto enrichment = test::made(make_pii_pseudonymization, R"({
        "pii":[{"pojo":{"field":"user_id"}}],
        "strategy":{"hmac":{"hashFunction":"SHA-256","keyId":"k1","key":"0123456789abcdef"}}})");
    test::Event event;
    event.event.set(Field::kUserId, "bob");
    enrichment->apply(event.work);
    Hasher hasher(HashFunction::kSha256, "0123456789abcdef");
    hasher.add("bob");
    CHECK(event.event[Field::kUserId] == "k1:" + std::string(hasher.finish(event.arena)));
}

TEST_CASE("all errors of a pii configuration are told, and no key") {
    CHECK(
        test::errors(make_pii_pseudonymization, R"({
              "pii":[{"pojo":{"field":"app_id"}},{},
                     {"json":{"field":"contexts","schemaCriterion":"iglu:a","jsonPath":"$"}}],
              "strategy":{"hmac":{"hashFunction":"MD5","keyId":"a b","key":"secret"}}})") ==
        std::vector<std::string>{
            R"(parameters.pii[0].pojo.field: "app_id" is not allowed here; one of user_id, )"
            "user_ipaddress, user_fingerprint, domain_userid, network_userid, ip_organization, "
            "ip_domain, tr_orderid, ti_orderid, mkt_term, mkt_content, se_category, se_action, "
            "se_label, se_property, mkt_clickid, refr_domain_userid, domain_sessionid",
            "parameters.pii[1].pojo is missing; one of pojo and json is needed",
            R"(parameters.pii[2].json.schemaCriterion: "iglu:a" is not allowed here; such as )"
            "iglu:com.acme/user/jsonschema/1-*-*",
            R"(parameters.strategy.hmac.hashFunction: "MD5" is not allowed here; one of SHA-256, )"
            "SHA-384",
            R"(parameters.strategy.hmac.keyId: "a b" is not allowed here; 1 to 16 letters, )"
            "digits, - or _",
            "parameters.strategy.hmac.key: ***** is not allowed here; a text of at least 16 "
            "bytes"});
}

}  // namespace
}  // namespace snowline::enricher
