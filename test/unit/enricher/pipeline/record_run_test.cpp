// A record whose schemas are not known yet: it is read once, and goes on where it asked.
#include "enricher/pipeline/record_run.h"

#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/schema_view.h"
#include "test/support/enricher_core.h"
#include "test/support/record_counter.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using test::EnricherCore;

using test::RecordCounter;

std::string event(std::string_view schema, std::string_view data) {
    return fmt::format(
        R"({{"e":"ue","p":"web","tv":"t","ue_pr":"{{\"schema\":)"
        R"(\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":)"
        R"({{\"schema\":\"iglu:com.snowplowanalytics.snowplow/{}\",\"data\":{}}}}}"}})",
        schema, data);
}

// One without a schema to look up, good ones, one that does not conform, one of an unknown schema.
std::string record() {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = EnricherCore::kNowMs;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/com.snowplowanalytics.snowplow/tp2";
    payload.content_type = "application/json";
    payload.body = fmt::format(
        R"({{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
        R"("data":[{},{},{{"e":"pv","p":"web","tv":"t"}},{},{},{{"e":"pv","p":"toaster","tv":"t"}}]}})",
        event("link_click/jsonschema/1-0-1", R"({\"targetUrl\":\"https://acme.com\"})"),
        event("link_click/jsonschema/1-0-1", R"({\"targetUrl\":5})"),
        event("no_such_schema/jsonschema/1-0-0", "{}"),
        event("add_to_cart/jsonschema/1-0-0", R"({\"sku\":\"a\",\"quantity\":2})"));
    return to_thrift(payload);
}

std::vector<std::string> values(const std::vector<Row>& rows) {
    std::vector<std::string> out;
    for (const Row& row : rows) {
        out.push_back(fmt::format("{} {} {}", row.output, row.index, row.value));
    }
    return out;
}

}  // namespace

TEST_CASE("a record whose schemas are not loaded is read once, and its rows are the same") {
    auto registries = iglu::open_registries({});
    REQUIRE(registries);
    iglu::IgluClient client({}, *std::move(registries));
    CoreSettings settings;
    settings.outputs = Outputs({good_output(), bad_output(), failed_output()});
    const std::string bytes = record();

    iglu::WaitingSchemaSource source(client.cache());
    Worker waiting(settings, source, {});
    const auto expected = values(enrich_record(bytes, {}, EnricherCore::kNowMs, waiting));
    REQUIRE(expected.size() == 9);  // three good, three bad and what is left of those

    iglu::SchemaLoader loader(client.cache(), {.concurrent_max = 0});
    iglu::SchemaView view(loader);
    Worker worker(settings, view, {});
    RecordCounter counter;
    worker.observe(&counter);
    RecordRun run(bytes, {}, EnricherCore::kNowMs, worker);
    int rounds = 0;
    while (run.advance() == Progress::kAsks) {
        REQUIRE(view.is_missing());
        REQUIRE(view.ask() == iglu::SchemaView::Answers::kAll);
        REQUIRE(++rounds <= 3);
    }
    CHECK(rounds >= 2);  // of the body, then of all events at once
    CHECK(counter.asked >= 2);
    CHECK(counter.loads == 1);
    CHECK(counter.events_set_up == 6);
    const auto rows = run.take_rows();
    CHECK(values(rows) == expected);
    CHECK(worker.facts.events.size() == 6);

    // The next one asks for nothing.
    RecordRun again(bytes, {}, EnricherCore::kNowMs, worker);
    CHECK(again.advance() == Progress::kDone);
    CHECK(values(again.take_rows()) == expected);
}

TEST_CASE("a schema that is not known yet is no schema that is not found") {
    class Nothing final : public iglu::SchemaSource {
    public:
        const iglu::Lookup* find(const model::SchemaKey&) override {
            ++asked;
            return known ? &answer : nullptr;
        }
        bool known = false;
        int asked = 0;
        iglu::Lookup answer = iglu::ResolutionError{};
    };
    Nothing source;
    const CoreSettings settings;
    Worker worker(settings, source, {});
    const std::string bytes = record();
    RecordRun run(bytes, {}, 0, worker);
    CHECK(run.advance() == Progress::kAsks);
    CHECK(run.advance() == Progress::kAsks);
    CHECK(worker.facts.events.empty());
    source.known = true;
    CHECK(run.advance() == Progress::kDone);
    const auto rows = run.take_rows();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].value.find("lookupHistory") != std::string::npos);
}

}  // namespace snowline::enricher
