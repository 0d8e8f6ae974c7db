// Data whose schema is deprecated or past its sunset date: counted, marked, or a bad row.

#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/tally.h"
#include "test/support/enricher_core.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using Core = test::EnricherCore;  // its day is 2026-01-02

constexpr const char* kLinkClick =
    "iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1";

std::string record() {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = Core::kNowMs;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/com.snowplowanalytics.snowplow/tp2";
    payload.content_type = "application/json";
    payload.body =
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[)"
        R"({"e":"ue","p":"web","tv":"t","aid":"shop","ue_pr":"{\"schema\":)"
        R"(\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":)"
        R"({\"schema\":\"iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1\",)"
        R"(\"data\":{\"targetUrl\":\"https://acme.com\"}}}"}]})";
    return to_thrift(payload);
}

std::shared_ptr<const OldSchemaRules> rules(const char* life, AfterSunset after_sunset) {
    iglu::LifeCycles lives;
    lives.add("com.snowplowanalytics.snowplow", "link_click", *iglu::LifeCycle::parse(life));
    return std::make_shared<const OldSchemaRules>(
        OldSchemaRules{.lives = std::make_unique<iglu::WatchedLifeCycles>(std::move(lives)),
                       .after_sunset = after_sunset});
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a sunset schema's event is marked from the day on") {
    Core core;
    core.settings.old_schemas =
        rules(R"({"sunset":"2026-01-02","successor":"1-0-2"})", AfterSunset::kMark);
    const auto rows = core.rows(record());
    REQUIRE(rows.size() == 1);
    CHECK(core.stream(rows[0]) == Stream::kGood);
    CHECK(has(rows[0].value,
              R"({"schema":"iglu:io.snowline/schema_sunset/jsonschema/1-0-0","data":{"schema":)"
              R"("iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1",)"
              R"("sunset":"2026-01-02","successor":"1-0-2"}})"));
    core.settings.old_schemas = rules(R"({"sunset":"2026-01-03"})", AfterSunset::kMark);
    CHECK_FALSE(has(core.rows(record())[0].value, "schema_sunset"));
    core.settings.old_schemas = rules(R"({"status":"sunset"})", AfterSunset::kMark);
    CHECK(has(core.rows(record())[0].value, R"("sunset":null,"successor":null)"));
    core.settings.old_schemas = rules(
        R"({"status":"sunset","versions":{"1-0-1":{"status":"active"}}})", AfterSunset::kMark);
    CHECK_FALSE(has(core.rows(record())[0].value, "schema_sunset"));
}

TEST_CASE("a sunset schema's event is a bad row where that is asked for") {
    Core core;
    core.settings.outputs = Outputs({good_output(), bad_output(), failed_output()});
    core.settings.old_schemas =
        rules(R"({"sunset":"2026-01-01","successor":"1-0-2"})", AfterSunset::kQuarantine);
    const auto rows = core.rows(record());
    REQUIRE(rows.size() == 2);
    CHECK(core.stream(rows[0]) == Stream::kBad);
    CHECK(has(rows[0].value, "badrows/schema_violations/jsonschema/2-0-1"));
    CHECK(has(rows[0].value,
              R"({"message":"$: the schema is sunset since 2026-01-01, 1-0-2 takes its place",)"
              R"("path":"$","keyword":"sunset","targets":["1-0-2"]})"));
    CHECK(has(rows[0].value, std::string(R"("schemaKey":")") + kLinkClick));
    CHECK(core.stream(rows[1]) == Stream::kFailed);
    CHECK(has(rows[1].value, "the schema is sunset since 2026-01-01"));
    core.settings.old_schemas =
        rules(R"({"status":"deprecated","sunset":"2026-02-01"})", AfterSunset::kQuarantine);
    CHECK(core.stream(core.rows(record())[0]) == Stream::kGood);
}

TEST_CASE("what uses old schemas is counted by schema and application") {
    RecordFacts facts;
    facts.old_schemas = {{.schema = kLinkClick, .app_id = "shop"},
                         {.schema = kLinkClick, .app_id = "\xff"}};
    Tally tally;
    tally.add(facts, {});
    Tally all;
    all.merge(tally);
    all.merge(tally);
    CHECK(all.old_schemas.at(std::string(kLinkClick) + "\tshop") == 2);
    CHECK(all.old_schemas.at(std::string(kLinkClick) + "\t\xef\xbf\xbd") == 2);
    CHECK(all.old_schemas.size() == 2);
}

}  // namespace snowline::enricher
