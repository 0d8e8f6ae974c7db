#include "common/log/record_id.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace snowline::log;

TEST_CASE("a record's id is read as it was written") {
    const std::string text = "0f1e2d3c-4b5a-4697-8887-76655443322f:12:9223372036854775807";
    const auto id = parse_record_id(text);
    REQUIRE(id);
    CHECK(id->partition == 12);
    CHECK(id->sequence == kSequenceMax);
    CHECK(id->instance[0] == 0x0f);
    CHECK(id->instance[15] == 0x2f);
    CHECK(format_record_id(*id) == text);
    CHECK(parse_instance(format_instance(id->instance)) == id->instance);
    CHECK(parse_record_id("0F1E2D3C-4B5A-4697-8887-76655443322F:0:0")->sequence == 0);
}

TEST_CASE("what is no record's id is none") {
    const std::string uuid = "0f1e2d3c-4b5a-4697-8887-76655443322f";
    for (const std::string& text : std::vector<std::string>{
             "", uuid, uuid + ":", uuid + ":1", uuid + ":1:", uuid + "::1", uuid + ":1:2:3",
             uuid + ":-1:2", uuid + ":1:-2", uuid + ":01:2", uuid + ":1:02", uuid + ":1: 2",
             uuid + ":1:9223372036854775808", uuid + ":2147483648:1", uuid + ":1:2 ",
             uuid + ":1:+2", "0f1e2d3c-4b5a-4697-8887-76655443322g:1:2",
             "0f1e2d3c04b5a-4697-8887-76655443322f:1:2"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_record_id(text));
    }
}
