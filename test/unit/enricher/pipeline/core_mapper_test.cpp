// Records that are put aside while what they ask is looked up, and go on where they asked.
#include "enricher/pipeline/core_mapper.h"

#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/enrich_record.h"
#include "iglu/resolve/iglu_client.h"
#include "test/support/gate.h"
#include "test/support/memory_registry.h"
#include "test/support/record_counter.h"

#include <chrono>
#include <deque>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::Gate;
using test::MemoryRegistry;
using test::RecordCounter;
using enum SuspendedRecord::Waits;

constexpr std::int64_t kNowMs = 1'767'323'045'678;

std::string uri(int n) {
    return fmt::format("iglu:com.acme/event/jsonschema/1-0-{}", n);
}

// One event of the n-th schema of com.acme.
log::Record record(int n) {
    model::CollectorPayload payload;
    payload.schema = model::kCollectorPayloadSchema;
    payload.ip_address = "203.0.113.7";
    payload.timestamp_ms = kNowMs;
    payload.encoding = "UTF-8";
    payload.collector = "test";
    payload.path = "/com.snowplowanalytics.snowplow/tp2";
    payload.content_type = "application/json";
    payload.body = fmt::format(
        R"({{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",)"
        R"("data":[{{"e":"ue","p":"web","tv":"t","ue_pr":"{{\"schema\":)"
        R"(\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":)"
        R"({{\"schema\":\"{}\",\"data\":{{\"n\":{}}}}}}}"}}]}})",
        uri(n), n);
    return {.topic = "raw", .value = to_thrift(payload), .offset = n};
}

std::vector<std::string> values(const std::vector<Row>& rows) {
    std::vector<std::string> out;
    for (const Row& row : rows) out.push_back(fmt::format("{} {}", row.output, row.value));
    return out;
}

bool is_done(const Mapped& mapped) {
    return std::holds_alternative<std::vector<Row>>(mapped);
}
SuspendedRecord::Waits waits(const Mapped& mapped) {
    return std::get<std::unique_ptr<SuspendedRecord>>(mapped)->waits();
}

/// The built-in schemas, a registry that is for com.acme, and one worker.
struct Bed {
    explicit Bed(int schemas, std::int32_t cache_size = 5'000)
        : client({.cache_size = cache_size, .cache_ttl = {}, .repositories = {}}, registries(),
                 {.outage_wait = 1h, .clock = [this] { return now.load(); }}),
          mapper(settings, client.loader(), {}, nullptr, &counter) {
        for (int n = 0; n < schemas; ++n) {
            registry->put(uri(n), R"({"type":"object","properties":{"n":{"type":"integer"}}})");
        }
        mapper.refresh(kNowMs);
    }
    ~Bed() { gate.open(); }

    std::vector<std::unique_ptr<iglu::Registry>> registries() {
        auto opened = iglu::open_registries({});
        REQUIRE(opened);
        registry = new MemoryRegistry("acme", {"com.acme"});
        opened->emplace_back(registry);
        return *std::move(opened);
    }

    // Goes on until it is done or waits for com.acme's registry, which is behind the gate.
    void run(const log::Record& record, Mapped& mapped, int asked) {
        REQUIRE(comes_true([&] {
            if (is_done(mapped) || gate.waiting() >= asked) return true;
            if (waits(mapped) == kForNothing) go_on(record, mapped);
            return false;
        }));
    }
    void go_on(const log::Record& record, Mapped& mapped) {
        mapped =
            mapper.go_on(record, std::move(std::get<std::unique_ptr<SuspendedRecord>>(mapped)));
    }
    std::vector<std::string> finish(const log::Record& record, Mapped& mapped) {
        REQUIRE(comes_true([&] {
            if (!is_done(mapped) && waits(mapped) == kForNothing) go_on(record, mapped);
            return is_done(mapped);
        }));
        return values(std::get<std::vector<Row>>(mapped));
    }
    // Of a worker that waits for its schemas.
    std::vector<std::string> expected(const log::Record& record) {
        iglu::WaitingSchemaSource source(client.cache());
        Worker waiting(settings, source, {});
        return values(enrich_record(record.value, origin_of(record), kNowMs, waiting));
    }

    std::atomic<std::int64_t> now = 1'000'000;
    CoreSettings settings;
    Gate gate;
    MemoryRegistry* registry = nullptr;
    iglu::IgluClient client;
    RecordCounter counter;
    CoreMapper mapper;
};

}  // namespace

TEST_CASE("records whose schemas are not loaded are asked for together, and read once") {
    constexpr int kRecords = 6;
    const std::int32_t cache_size = GENERATE(5'000, 1);
    Bed bed(kRecords, cache_size);
    bed.registry->when_asked = [&] { bed.gate.pass(); };
    std::deque<log::Record> records;
    std::deque<Mapped> mapped;
    for (int n = 0; n < kRecords; ++n) {
        records.push_back(record(n));
        mapped.push_back(bed.mapper.map(records.back()));
        bed.run(records[n], mapped[n], n + 1);
    }
    CHECK(bed.gate.waiting() == kRecords);  // at the same time

    // Another batch comes, and what is known of schemas is replaced.
    bed.mapper.refresh(kNowMs + 1);
    bed.gate.open();
    const log::Record later = record(kRecords - 1);
    Mapped later_mapped = bed.mapper.map(later);
    CHECK(bed.finish(later, later_mapped).size() == 1);
    bed.mapper.refresh(kNowMs + 2);

    std::vector<std::vector<std::string>> rows(kRecords);
    for (int n = kRecords; n-- > 0;) rows[n] = bed.finish(records[n], mapped[n]);
    CHECK(bed.counter.loads == kRecords + 1);
    CHECK(bed.counter.events_set_up == kRecords + 1);
    for (int n = 0; n < kRecords; ++n) {
        REQUIRE(rows[n].size() == 1);
        CHECK(rows[n][0].starts_with("0 "));  // good
        CHECK(rows[n] == bed.expected(records[n]));
    }
    const Tally tally = bed.mapper.take_tally();
    CHECK(tally.events[0] == kRecords + 1);
}

TEST_CASE("a record that waits for a registry that is out is read once") {
    Bed bed(1);
    bed.registry->failure = test::outage();
    const log::Record one = record(0);
    Mapped mapped = bed.mapper.map(one);
    REQUIRE(comes_true([&] {
        if (waits(mapped) == kForNothing) bed.go_on(one, mapped);
        return waits(mapped) == kForOutage;
    }));
    for (int batch = 0; batch < 5; ++batch) {
        bed.mapper.refresh(kNowMs + batch);
        bed.now += 60'000;
        bed.go_on(one, mapped);
        REQUIRE(comes_true([&] {
            if (waits(mapped) == kForNothing) bed.go_on(one, mapped);
            return waits(mapped) == kForOutage;
        }));
    }
    CHECK(bed.registry->asked >= 6);
    bed.registry->failure.reset();
    bed.now += 60'000;
    bed.go_on(one, mapped);
    CHECK(bed.finish(one, mapped) == bed.expected(one));
    CHECK(bed.counter.loads == 1);
    CHECK(bed.counter.events_set_up == 1);
}

TEST_CASE(
    "so many records keep what was made of them; others begin again, once they are answered") {
    constexpr int kMore = 4;
    constexpr int kRecords = static_cast<int>(CoreMapper::kSuspendedMax) + kMore;
    Bed bed(1);
    bed.registry->when_asked = [&] { bed.gate.pass(); };
    const log::Record one = record(0);
    Mapped first = bed.mapper.map(one);
    bed.run(one, first, 1);
    std::deque<Mapped> mapped;
    for (int n = 1; n < kRecords; ++n) {
        mapped.push_back(bed.mapper.map(one));
        REQUIRE_FALSE(is_done(mapped.back()));
    }
    CHECK(bed.counter.loads == kRecords);
    bed.gate.open();
    const auto expected = bed.finish(one, first);
    for (Mapped& each : mapped) CHECK(bed.finish(one, each) == expected);
    CHECK(bed.counter.loads == kRecords + kMore);
}

}  // namespace snowline::enricher
