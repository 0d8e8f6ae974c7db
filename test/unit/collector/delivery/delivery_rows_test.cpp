#include "collector/delivery/ack_guarantee.h"
#include "collector/delivery/refused_row.h"
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/model/collector_payload_thrift.h"

#include <catch2/catch.hpp>

namespace snowline::collector {
namespace {

std::string thrift(const std::string& body) {
    model::CollectorPayload payload;
    payload.path = "/com.acme/v1";
    payload.body = body;
    return model::to_thrift(payload);
}

bool is_json(const std::string& text) {
    json::Arena arena;
    return json::parse(text, arena).has_value();
}

}  // namespace

TEST_CASE("a record that the brokers find too large is a size_violation of a few kilobytes") {
    const std::string value = thrift(std::string(300'000, 'x'));
    const std::string row = too_large_row({.value = value, .reason = "Broker: Message too large"});
    CHECK(is_json(row));
    CHECK(row.size() < 10'000);
    CHECK_THAT(row, Catch::Contains("/size_violation/jsonschema/1-0-0") &&
                        Catch::Contains("Broker: Message too large") &&
                        Catch::Contains("/com.acme/v1") &&
                        Catch::Contains("\"actualSizeBytes\":" + std::to_string(value.size())));
}

TEST_CASE("a record that is refused is a generic_error with the record in base64 where it fits") {
    const std::string row = refused_row({.value = "abc", .reason = "not \"authorized\""});
    CHECK(is_json(row));
    CHECK_THAT(row, Catch::Contains("/generic_error/jsonschema/1-0-0") &&
                        Catch::Contains(R"("errors":["not \"authorized\""])") &&
                        Catch::EndsWith(R"("payload":"YWJj"}})"));
    const std::string large = thrift(std::string(90'000, 'x'));
    const std::string cut =
        refused_row({.value = large, .reason = "no", .record_bytes_max = 100'000});
    CHECK(is_json(cut));
    CHECK(cut.size() < 100'000);
    CHECK_THAT(cut, Catch::Contains("CollectorPayload("));
}

TEST_CASE("the start says what a 200 means") {
    DeliverySettings settings;
    CHECK_THAT(meaning_of_200(settings), Catch::Contains("no spool"));
    settings.spool.path = "/var/spool";
    CHECK_THAT(meaning_of_200(settings),
               Catch::Contains("after 1500 ms") && Catch::Contains("/var/spool"));
    settings.delivery.mode = DeliveryMode::kFast;
    CHECK_THAT(meaning_of_200(settings), Catch::StartsWith("the event is in memory; it is lost"));
    settings.delivery.mode = DeliveryMode::kAcked;
    settings.streams.sink = SinkKind::kEmbedded;
    CHECK_THAT(meaning_of_200(settings), Catch::Contains("on this machine's disk"));
}

}  // namespace snowline::collector
