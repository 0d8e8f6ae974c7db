// The raw records of the reference's collector: our codec reads them, and writes the same bytes.
#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/model/collector_payload_thrift.h"
#include "common/text/base64.h"
#include "test/support/golden.h"

#include <catch2/catch.hpp>

namespace snowline {

TEST_CASE("the reference's raw records are read, and written to the same bytes") {
    std::size_t records = 0;
    for (const auto& file : test::recordings(test::golden("collector"))) {
        for (const std::string& line : test::read_lines(file)) {
            json::Arena arena;
            const auto exchange = json::parse(line, arena);
            REQUIRE(exchange);
            const json::Value* good = exchange->find("good");
            if (good == nullptr) continue;
            for (const json::Value record : good->items()) {
                const json::Value* raw = record.find("raw_b64");
                if (raw == nullptr) continue;  // recordings of Kafka hold more, under another name
                const auto bytes = text::decode_base64(raw->text());
                REQUIRE(bytes);
                const auto payload = model::from_thrift(*bytes);
                REQUIRE(payload);
                CHECK(model::to_thrift(*payload) == *bytes);
                CHECK(payload->path == record.find("payload")->find("path")->text());
                ++records;
            }
        }
    }
    CHECK(records > 0);
}

}  // namespace snowline
