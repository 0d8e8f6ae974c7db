// What the reference's collector wrote goes through the enricher: each record has its rows, and
// those that are refused are refused by one of the three rules of the loader.
#include "common/json/parse.h"
#include "common/text/base64.h"
#include "test/support/enricher_core.h"
#include "test/support/golden.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

bool is_loader_rule(const json::Value& message) {
    const json::Value* field = message.find("payloadField");
    return field != nullptr && (field->text() == "querystring" || field->text() == "path" ||
                                field->text() == "networkUserId");
}

void judge_rows(const std::vector<Row>& rows, const test::EnricherCore& core) {
    REQUIRE_FALSE(rows.empty());
    for (const Row& row : rows) {
        if (core.stream(row) != Stream::kBad) continue;
        json::Arena arena;
        const auto bad = json::parse(row.value, arena);
        REQUIRE(bad.has_value());
        const std::string_view schema = bad->find("schema")->text();
        CHECK(schema.find("generic_error") == std::string_view::npos);
        if (schema.find("collector_payload_format_violation") == std::string_view::npos) continue;
        CHECK(is_loader_rule(*bad->find("data")->find("failure")->find("message")));
    }
}

TEST_CASE("the reference's raw records go through the enricher") {
    test::EnricherCore core;
    std::size_t records = 0;
    for (const auto& file : test::recordings(test::golden("collector"))) {
        for (const std::string& line : test::read_lines(file)) {
            json::Arena arena;
            const auto exchange = json::parse(line, arena);
            REQUIRE(exchange.has_value());
            const json::Value* good = exchange->find("good");
            if (good == nullptr) continue;
            for (const json::Value record : good->items()) {
                const json::Value* raw = record.find("raw_b64");
                if (raw == nullptr) continue;
                judge_rows(core.rows(*text::decode_base64(raw->text())), core);
                ++records;
            }
        }
    }
    CHECK(records > 0);
}

}  // namespace
}  // namespace snowline::enricher
