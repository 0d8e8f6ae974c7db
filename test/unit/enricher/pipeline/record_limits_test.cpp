// What one record may become: rows, bytes, work; and what it keeps meanwhile.
#include "common/json/parse.h"
#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/enrich_record.h"
#include "enricher/pipeline/record_rows.h"
#include "enricher/pipeline/record_run.h"
#include "iglu/resolve/schema_view.h"
#include "test/support/enricher_core.h"
#include "test/support/record_counter.h"

#include <atomic>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using test::EnricherCore;

enum : OutputIndex { kGood, kBad };  // in Outputs()

constexpr std::string_view kPageView = R"({"e":"pv","p":"web","tv":"t"})";
constexpr std::string_view kFailing = R"({"e":"pv","p":"toaster","tv":"t"})";

std::string request(const std::vector<std::string>& events, std::string querystring = "") {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = EnricherCore::kNowMs;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/com.snowplowanalytics.snowplow/tp2";
    payload.querystring = std::move(querystring);
    payload.content_type = "application/json";
    payload.body = fmt::format(
        R"({{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
        R"("data":[{}]}})",
        fmt::join(events, ","));
    return to_thrift(payload);
}

std::string request_of(std::size_t count, std::string_view event) {
    return request(std::vector<std::string>(count, std::string(event)));
}

std::string link_click(std::string_view url) {
    return fmt::format(
        R"({{"e":"ue","p":"web","tv":"t","ue_pr":"{{\"schema\":)"
        R"(\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":)"
        R"({{\"schema\":\"iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1\",)"
        R"(\"data\":{{\"targetUrl\":\"{}\"}}}}}}"}})",
        url);
}

// A worker that knows the built-in schemas, and what it says of a record.
struct Bed {
    CoreSettings settings;
    iglu::IgluClient client{{}, *iglu::open_registries({})};
    iglu::WaitingSchemaSource source{client.cache()};

    std::unique_ptr<Worker> worker() {
        return std::make_unique<Worker>(settings, source, Enrichments{});
    }
};

std::size_t bytes_of(std::span<const Row> rows) {
    std::size_t bytes = 0;
    for (const Row& row : rows) bytes += row.value.size();
    return bytes;
}

std::string failure_of(const Row& row, std::string_view name) {
    json::Arena arena;
    const auto parsed = json::parse(row.value, arena);
    REQUIRE(parsed);
    const json::Value* failure = parsed->find("data")->find("failure")->find(name);
    REQUIRE(failure != nullptr);
    return std::string(failure->text());
}

bool is_size_violation(const Row& row) {
    return row.output == kBad &&
           row.value.find("/size_violation/jsonschema/1-0-0") != std::string::npos;
}

std::vector<std::string> values(std::span<const Row> rows) {
    std::vector<std::string> out;
    for (const Row& row : rows) out.push_back(fmt::format("{} {}", row.index, row.value));
    return out;
}

}  // namespace

TEST_CASE("beyond so many rows the rest of a record is one size_violation") {
    Bed bed;
    bed.settings.limits.rows = 10;
    auto worker = bed.worker();
    const auto at_limit = enrich_record(request_of(10, kPageView), {}, 0, *worker);
    CHECK(at_limit.size() == 10);
    CHECK(worker->facts.events.size() == 10);

    const std::string record = request_of(25, kPageView);
    const auto rows = enrich_record(record, {}, 0, *worker);
    REQUIRE(rows.size() == 11);
    for (std::size_t i = 0; i < 10; ++i) CHECK(rows[i].output == kGood);
    CHECK(is_size_violation(rows[10]));
    CHECK(rows[10].index == 10);
    CHECK(failure_of(rows[10], "expectation") ==
          fmt::format("one record may become 10 rows or 64000000 bytes of rows, but 10 of its 25 "
                      "events became 10 rows of {} bytes; the other 15 events, from index 10 on, "
                      "were not enriched",
                      bytes_of(std::span(rows).first(10))));
    CHECK(worker->facts.events.size() == 11);
    CHECK(worker->facts.events.back().bad_type == "size_violation");
    CHECK(worker->facts.counters["enrich_events_left_out_total"] == 15);

    // The same in another record of the worker.
    CHECK(values(enrich_record(record, {}, 0, *worker)) == values(rows));
}

TEST_CASE("beyond so many bytes of rows, too, and the row is within its output's limit") {
    Bed bed;
    Output bad = bad_output();
    bad.bytes_max = 10'000;
    bed.settings.outputs = Outputs({good_output(), bad});
    bed.settings.limits.bytes = 100'000;
    auto worker = bed.worker();
    const auto rows = enrich_record(request_of(500, kFailing), {}, 0, *worker);
    REQUIRE(rows.size() > 2);
    CHECK(is_size_violation(rows.back()));
    const std::size_t before = bytes_of(std::span(rows).first(rows.size() - 1));
    CHECK(before >= 100'000);
    CHECK(before < 110'000);
    CHECK(rows.back().value.size() <= 10'000);
    CHECK(rows.back().value.size() > 900);  // it shows the record's beginning
}

TEST_CASE("an adapter makes no more events than there may be rows") {
    Bed bed;
    bed.settings.limits.rows = 100;
    auto worker = bed.worker();
    const auto rows = enrich_record(request_of(20'000, "{}"), {}, 0, *worker);
    // Empty objects are no valid request: the whole of it is one row.
    REQUIRE(rows.size() == 1);
    const auto valid = enrich_record(request_of(20'000, kPageView), {}, 0, *worker);
    CHECK(valid.size() == 101);
    CHECK(failure_of(valid.back(), "expectation").find("the other 19900 events") !=
          std::string::npos);
}

TEST_CASE("a long querystring is not copied for each of many events") {
    Bed bed;
    auto worker = bed.worker();
    std::string querystring;
    for (int i = 0; i < 10'000; ++i) querystring += fmt::format("{}x{}=1", i == 0 ? "" : "&", i);
    const auto rows =
        enrich_record(request(std::vector<std::string>(100, std::string(kPageView)), querystring),
                      {}, 0, *worker);
    REQUIRE(rows.size() == 31);  // 300,000 parameters
    CHECK(is_size_violation(rows.back()));
}

TEST_CASE("what an event used is free before the next one") {
    // Where the next thing that an event makes would be.
    struct Places final : test::RecordCounter {
        explicit Places(Worker& its_worker) : worker(its_worker) {}
        void set_up(const RawEvent& raw, const EventSetUp& set_up) override {
            RecordCounter::set_up(raw, set_up);
            found.push_back(worker.event_arena.allocate(1, 1));
        }
        Worker& worker;
        std::vector<void*> found;
    };
    Bed bed;
    auto worker = bed.worker();
    Places places(*worker);
    worker->observe(&places);
    const std::string record = request_of(300, link_click(std::string(3'000, 'a')));
    CHECK(enrich_record(record, {}, 0, *worker).size() == 300);
    REQUIRE(places.found.size() == 300);
    CHECK(std::set<void*>(places.found.begin(), places.found.end()).size() == 1);
}

TEST_CASE("the cut is where it is without questions, when events ask") {
    Bed bed;
    bed.settings.limits.rows = 7;
    std::vector<std::string> events;
    for (int i = 0; i < 20; ++i) {
        events.push_back(i % 3 == 0 ? link_click("https://acme.com") : std::string(kPageView));
    }
    const std::string record = request(events);
    auto waiting = bed.worker();
    const auto expected = enrich_record(record, {}, 0, *waiting);
    REQUIRE(expected.size() == 8);

    iglu::IgluClient client{{}, *iglu::open_registries({})};
    iglu::SchemaLoader loader(client.cache(), {.concurrent_max = 0});
    iglu::SchemaView view(loader);
    Worker worker(bed.settings, view, {});
    RecordRun run(record, {}, 0, worker);
    int rounds = 0;
    while (run.advance() == Progress::kAsks) {
        REQUIRE(view.ask() == iglu::SchemaView::Answers::kAll);
        REQUIRE(++rounds <= 10);
    }
    REQUIRE(rounds >= 2);
    CHECK(values(run.take_rows()) == values(expected));
    CHECK(worker.facts.events.size() == waiting->facts.events.size());
}

TEST_CASE("a record that takes too much work is one row that says so") {
    Bed bed;
    bed.settings.limits.work = std::chrono::milliseconds(-1);
    auto worker = bed.worker();
    const auto rows = enrich_record(request_of(25, kPageView), {}, 0, *worker);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].output == kBad);
    CHECK(rows[0].value.find("/generic_error/jsonschema/1-0-0") != std::string::npos);
    CHECK(rows[0].value.find("it was at its adapter. This is not reproducible") !=
          std::string::npos);
    REQUIRE(rows[0].headers.size() == 1);
    CHECK(rows[0].headers[0] == log::Header{kNotReproducibleHeader, "time"});
    CHECK(worker->facts.counters["enrich_records_out_of_time_total"] == 1);
    REQUIRE(worker->facts.events.size() == 1);
    CHECK(worker->facts.events[0].bad_type == "generic_error");
}

TEST_CASE("a record that is interrupted has no rows") {
    Bed bed;
    bed.settings.limits.work = std::chrono::milliseconds(0);
    const std::atomic<bool> interrupted = true;
    auto worker = bed.worker();
    worker->interrupted = &interrupted;
    const std::string record = request_of(25, kPageView);
    RecordRun run(record, {}, 0, *worker);
    CHECK(run.advance() == Progress::kDone);
    CHECK(run.is_interrupted());
    CHECK(run.take_rows().empty());
}

}  // namespace snowline::enricher
