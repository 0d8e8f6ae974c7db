#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/core_mapper.h"
#include "iglu/resolve/iglu_client.h"
#include "test/support/gate.h"
#include "test/support/loopback_server.h"

#include <thread>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;
using test::LoopbackServer;

RemoteAdaptersSettings settings_of(const std::string& url) {
    return {.connection_timeout = 500ms,
            .read_timeout = 500ms,
            .configs = {{.vendor = "com.acme", .version = "v1", .url = url}}};
}

log::Record request(std::string path) {
    const model::CollectorPayload payload{
        .schema = "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0",
        .timestamp_ms = 1'700'000'000'000,
        .encoding = "UTF-8",
        .collector = "ssc",
        .path = std::move(path),
        .body = "a;b",
        .content_type = "text/csv"};
    return {.value = model::to_thrift(payload)};
}

std::vector<Row> wait_for(CoreMapper& mapper, const log::Record& record, Mapped mapped) {
    while (auto* suspended = std::get_if<std::unique_ptr<SuspendedRecord>>(&mapped)) {
        REQUIRE(*suspended != nullptr);
        std::this_thread::sleep_for(1ms);
        mapped = mapper.go_on(record, std::move(*suspended));
    }
    return std::get<std::vector<Row>>(std::move(mapped));
}

// The rows of a request to com.acme/v1, whose adapter answers so.
std::vector<Row> rows_of(const LoopbackServer::Answer& answer, int times = 1) {
    LoopbackServer server([answer](const std::string&) { return answer; });
    RemoteAdapterClient client(settings_of(server.url() + "/adapt"));
    iglu::IgluClient schemas({}, {}, {});
    const CoreSettings settings;
    CoreMapper mapper(settings, schemas.loader(), {}, &client);
    std::vector<Row> rows;
    for (int i = 0; i < times; ++i) {
        const log::Record record = request("/com.acme/v1");
        rows = wait_for(mapper, record, mapper.map(record));
    }
    CHECK(server.requests() == times);
    return rows;
}

}  // namespace

TEST_CASE("a remote adapter's events become rows; the next request is asked anew") {
    const auto rows = rows_of({.body = R"({"events":[{"e":"pv","p":"web","aid":"a"},)"
                                       R"({"e":"pp","p":"web"}]})"},
                              3);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].output == 0);
    CHECK(rows[0].value.starts_with("a\tweb\t"));
    CHECK(rows[1].value.find("\tpage_ping\t") != std::string::npos);
}

TEST_CASE("what a remote adapter refuses, or answers too late, becomes one bad row") {
    const auto refused = rows_of({.status = 503, .body = "busy"});
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].output == 1);
    CHECK(refused[0].value.find("adapter_failures") != std::string::npos);
    CHECK(refused[0].value.find("Request failed with status 503") != std::string::npos);

    const auto late = rows_of({.body = "{}", .delay = 1500ms});
    REQUIRE(late.size() == 1);
    CHECK(late[0].value.find("could not get response from remote adapter") != std::string::npos);
}

TEST_CASE("the adapters are asked by all records of a batch at the same time") {
    constexpr int kRecords = 8;
    test::Gate gate;
    LoopbackServer server([&](const std::string&) {
        gate.pass();
        return LoopbackServer::Answer{.body = R"({"events":[{"e":"pv","p":"web"}]})"};
    });
    auto patient = settings_of(server.url() + "/adapt");
    patient.connection_timeout = patient.read_timeout = 1min;
    RemoteAdapterClient client(patient);
    iglu::IgluClient schemas({}, {}, {});
    const CoreSettings settings;
    CoreMapper mapper(settings, schemas.loader(), {}, &client);
    const log::Record record = request("/com.acme/v1");
    std::vector<Mapped> mapped;
    for (int i = 0; i < kRecords; ++i) mapped.push_back(mapper.map(record));
    CHECK(test::comes_true([&] { return gate.waiting() == kRecords; }));
    gate.open();
    for (Mapped& each : mapped) {
        REQUIRE(std::holds_alternative<std::unique_ptr<SuspendedRecord>>(each));
        const auto rows = wait_for(mapper, record, std::move(each));
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].output == 0);
    }
    CHECK(server.requests() == kRecords);
}

TEST_CASE("other paths are not asked about") {
    LoopbackServer server([](const std::string&) { return LoopbackServer::Answer{}; });
    RemoteAdapterClient client(settings_of(server.url()));
    iglu::IgluClient schemas({}, {}, {});
    const CoreSettings settings;
    CoreMapper mapper(settings, schemas.loader(), {}, &client);
    const auto rows = std::get<std::vector<Row>>(mapper.map(request("/com.other/v1")));
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].value.find("vendor/version combination is not supported") != std::string::npos);
    CHECK(server.requests() == 0);
}

}  // namespace snowline::enricher
