#include "enricher/pipeline/enrich_record.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "enricher/outputs/typed_json.h"
#include "test/support/enricher_core.h"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using Core = test::EnricherCore;

model::CollectorPayload get(std::string querystring) {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = Core::kNowMs - 1000;
    payload.encoding = "UTF-8";
    payload.collector = "snowline-test";
    payload.path = "/i";
    payload.querystring = std::move(querystring);
    return payload;
}

std::vector<std::string> columns(const std::string& tsv) {
    std::vector<std::string> out(1);
    for (const char c : tsv) {
        if (c == '\t')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

std::string column(const Row& row, Field field) {
    return columns(row.value).at(index_of(field));
}

// Good rows in both formats and bad ones, none larger than that.
Outputs limited(std::size_t bytes_max) {
    std::vector<Output> all{good_json_output(), good_output(), bad_output()};
    for (Output& output : all) output.bytes_max = bytes_max;
    return Outputs(std::move(all));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("a page view becomes a row of 131 columns") {
    Core core;
    Output good = good_output();
    good.key = Field::kDomainUserid;
    good.headers = {Field::kAppId, Field::kTxnId};
    core.settings.outputs = Outputs({good, bad_output()});
    const auto rows = core.rows(to_thrift(
        get("e=pv&p=web&aid=shop&duid=d1&url=https%3A%2F%2Facme.com%2Fa%3Fb%3D1&page=T%C3%A9")));
    REQUIRE(rows.size() == 1);
    CHECK(core.stream(rows[0]) == Stream::kGood);
    CHECK(columns(rows[0].value).size() == kFieldCount);
    CHECK(column(rows[0], Field::kEvent) == "page_view");
    CHECK(column(rows[0], Field::kPageTitle) == "T\xc3\xa9");
    CHECK(column(rows[0], Field::kPageUrlhost) == "acme.com");
    CHECK(column(rows[0], Field::kPageUrlport) == "443");
    CHECK(column(rows[0], Field::kEtlTstamp) == "2026-01-02 03:04:05.678");
    CHECK(column(rows[0], Field::kEventId).size() == 36);
    CHECK(rows[0].key == "d1");
    CHECK(rows[0].headers == std::vector<log::Header>{{"app_id", "shop"}});
}

TEST_CASE("typed JSON comes beside the TSV or in its place") {
    Core core;
    core.settings.outputs = Outputs({good_json_output(), good_output(), bad_output()});
    const std::string record = to_thrift(get("e=pv&p=web&vid=3"));
    const auto both = core.rows(record);
    REQUIRE(both.size() == 2);
    CHECK(both[0].output == 0);
    CHECK(both[1].output == 1);
    CHECK(both[0].value == typed_json_of_row(both[1].value));
    core.settings.outputs = Outputs({good_json_output(), bad_output()});
    const auto rows = core.rows(record);
    REQUIRE(rows.size() == 1);
    CHECK(has(rows[0].value, R"("domain_sessionidx":3)"));
}

TEST_CASE("a failed event keeps what is good, and tells what was not") {
    Core core;
    Output failed = failed_output();
    failed.key = Field::kEvent;
    failed.headers = {Field::kVTracker};
    core.settings.outputs = Outputs({good_output(), bad_output(), failed});
    const std::string contexts =
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0","data":[)"
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0",)"
        R"("data":{"id":"8ab3a2c1-4f5a-4e7c-9e1f-2b3c4d5e6f70"}},)"
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0",)"
        R"("data":{"id":5}}]})";
    auto payload = get("");
    payload.path = "/com.snowplowanalytics.snowplow/tp2";
    payload.querystring = std::nullopt;
    payload.content_type = "application/json";
    std::string co;
    json::print_string(contexts, co);
    payload.body =
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
        R"("data":[{"e":"pv","p":"web","tv":"t","co":)" +
        co + R"(},{"e":"pv","p":"toaster","tv":"t"},{"e":"pv","p":"web","tv":"t"}]})";
    const auto rows = core.rows(to_thrift(payload));
    REQUIRE(rows.size() == 5);
    CHECK(core.stream(rows[0]) == Stream::kBad);
    CHECK(has(rows[0].value, "schema_violations"));
    CHECK(core.stream(rows[1]) == Stream::kFailed);
    CHECK(rows[1].key == "page_view");
    CHECK(rows[1].headers == std::vector<log::Header>{{"v_tracker", "t"}});
    CHECK(column(rows[1], Field::kEventId).size() == 36);
    CHECK(has(rows[0].value, column(rows[1], Field::kEventId)));
    CHECK(rows[1].index == 0);
    const auto kept = column(rows[1], Field::kContexts);
    CHECK(has(kept, "8ab3a2c1-4f5a-4e7c-9e1f-2b3c4d5e6f70"));
    CHECK_FALSE(has(kept, R"({"id":5})"));
    const auto told = column(rows[1], Field::kDerivedContexts);
    CHECK(has(told, "iglu:com.snowplowanalytics.snowplow/failure/jsonschema/1-0-0"));
    CHECK(has(told, R"("failureType":"ValidationError")"));
    CHECK(has(told, R"("data":{"id":5})"));
    CHECK(has(told, R"("source":"contexts")"));

    CHECK(has(rows[2].value, "enrichment_failures"));
    CHECK(core.stream(rows[3]) == Stream::kFailed);
    CHECK(rows[3].index == 1);
    CHECK(column(rows[3], Field::kPlatform).empty());
    CHECK(column(rows[3], Field::kEvent) == "page_view");
    CHECK(has(column(rows[3], Field::kDerivedContexts), R"("data":{"p":"toaster"})"));
    CHECK(core.stream(rows[4]) == Stream::kGood);
    CHECK(rows[4].index == 2);
}

TEST_CASE("columns that are too long make a bad row, unless they are accepted") {
    Core core;
    const std::string record = to_thrift(get("e=pv&p=web&aid=" + std::string(300, 'a')));
    CHECK(has(core.rows(record).at(0).value, "Field app_id longer than maximum allowed size 255"));
    core.settings.accept_invalid = true;
    const auto rows = core.rows(record);
    REQUIRE(rows.size() == 1);
    CHECK(core.stream(rows[0]) == Stream::kGood);
    CHECK(column(rows[0], Field::kAppId) == std::string(300, 'a'));
    // What is wrong otherwise stays bad.
    CHECK(core.stream(core.rows(to_thrift(get("e=pv&p=toaster"))).at(0)) == Stream::kBad);
}

TEST_CASE("a record in base64 is read where the settings say so") {
    Core core;
    const std::string record = to_thrift(get("e=pv&p=web&aid=shop"));
    const std::string encoded = text::encode_base64(record);
    CHECK(core.stream(core.rows(encoded).at(0)) == Stream::kBad);
    core.settings.try_base64 = true;
    CHECK(column(core.rows(encoded).at(0), Field::kAppId) == "shop");
    CHECK(column(core.rows(record).at(0), Field::kAppId) == "shop");
    for (const std::string& none : {std::string("no base64!"), text::encode_base64("no thrift")}) {
        const auto rows = core.rows(none);
        REQUIRE(rows.size() == 1);
        CHECK(has(rows[0].value, "collector_payload_format_violation"));
        CHECK(has(rows[0].value, text::encode_base64(none)));  // as it came
    }
}

TEST_CASE("outputs that nobody wants are not made") {
    Core core;
    core.settings.outputs = Outputs({good_output()});
    CHECK(core.rows("no payload").empty());
}

TEST_CASE("rows beyond the limit become size violations, whole characters of them") {
    Core core;
    core.settings.outputs = limited(2000);
    std::string page;
    for (int i = 0; i < 600; ++i) page += "%F0%9F%98%80";
    const auto rows = core.rows(to_thrift(get("e=pv&p=web&page=" + page)));
    REQUIRE(rows.size() == 1);
    CHECK(has(rows[0].value, "size_violation"));
    CHECK(has(rows[0].value, "event passed enrichment but then exceeded the maximum allowed size"));
    json::Arena arena;
    CHECK(json::parse(rows[0].value, arena).has_value());
}

TEST_CASE("whatever the bytes are, a record has a row") {
    Core core;
    core.settings.outputs =
        Outputs({good_json_output(), good_output(), bad_output(), failed_output()});
    auto with_body = get("");
    with_body.path = "/com.snowplowanalytics.snowplow/tp2";
    with_body.content_type = "application/json";
    with_body.headers = {"X-Forwarded-For: 1.2.3.4", "Cookie: a=b"};
    with_body.body =
        R"({"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
        R"("data":[{"e":"pv","p":"web","tv":"t","dtm":"1767322990000","stm":"1767322995000",)"
        R"("res":"10x20","url":"http://a.b/?c=d|","vid":"1","cx":"eyJzY2hlbWEiOiJ4In0"}]})";
    const std::string seeds[] = {
        to_thrift(get("e=se&p=web&se_ca=a&se_va=1.5&co=%7B%22schema%22%3A%22x%22%7D&ip=1.2.3.4")),
        to_thrift(with_body),
    };
    std::mt19937 random(20'260'102);
    json::Arena arena;
    constexpr int kMutants = 100'000;
    for (int i = 0; i < kMutants; ++i) {
        std::string record = seeds[i % 2];
        for (auto changes = 1 + random() % 4; changes > 0; --changes) {
            const std::size_t at = random() % record.size();
            switch (random() % 4) {
                case 0:
                    record[at] = static_cast<char>(random());
                    break;
                case 1:
                    record.erase(at, 1 + random() % 3);
                    break;
                case 2:
                    record.insert(at, 1, static_cast<char>(random()));
                    break;
                default:
                    record[at] = static_cast<char>(record[at] ^ (1U << random() % 8));
                    break;
            }
            if (record.empty()) record = "x";
        }
        const auto rows = core.rows(record);
        REQUIRE_FALSE(rows.empty());
        REQUIRE(std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
            return core.stream(row) == Stream::kGood || core.stream(row) == Stream::kBad;
        }));
        for (const Row& row : rows) {
            if (core.settings.outputs[row.output].format != Format::kTsv) {
                arena.reset();
                REQUIRE(json::parse(row.value, arena).has_value());
            } else {
                REQUIRE(std::count(row.value.begin(), row.value.end(), '\t') == kFieldCount - 1);
            }
        }
    }
}

}  // namespace
}  // namespace snowline::enricher
