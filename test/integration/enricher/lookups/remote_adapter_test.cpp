#include "common/model/collector_payload_thrift.h"
#include "enricher/pipeline/core_mapper.h"
#include "iglu/resolve/iglu_client.h"
#include "test/support/loopback_server.h"

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

// The rows of a request to com.acme/v1, whose adapter answers so.
std::vector<Row> rows_of(const LoopbackServer::Answer& answer, int times = 1) {
    LoopbackServer server([answer](const std::string&) { return answer; });
    RemoteAdapterClient client(settings_of(server.url() + "/adapt"));
    iglu::IgluClient schemas({}, {}, {});
    const CoreSettings settings;
    CoreMapper mapper(settings, schemas.cache(), {}, &client);
    std::vector<Row> rows;
    for (int i = 0; i < times; ++i) {
        rows = mapper.map(request("/com.acme/v1")).value();
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

TEST_CASE("other paths are not asked about") {
    LoopbackServer server([](const std::string&) { return LoopbackServer::Answer{}; });
    RemoteAdapterClient client(settings_of(server.url()));
    iglu::IgluClient schemas({}, {}, {});
    const CoreSettings settings;
    CoreMapper mapper(settings, schemas.cache(), {}, &client);
    const auto rows = mapper.map(request("/com.other/v1")).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].value.find("vendor/version combination is not supported") != std::string::npos);
    CHECK(server.requests() == 0);
}

}  // namespace snowline::enricher
