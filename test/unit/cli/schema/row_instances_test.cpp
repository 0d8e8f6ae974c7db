#include "cli/schema/row_instances.h"

#include "enricher/event/field.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::cli;

namespace {

const model::SchemaKey kEvent = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-1-0");

std::string tsv(const std::vector<std::pair<enricher::Field, std::string>>& columns) {
    std::vector<std::string> row(enricher::kFieldCount);
    for (const auto& [field, text] : columns) row[static_cast<std::size_t>(field)] = text;
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "\t") + row[i];
    return out;
}

}  // namespace

TEST_CASE("The data of an enriched row is in three columns") {
    using enricher::Field;
    const std::string row = tsv({
        {Field::kAppId, "shop"},
        {Field::kUnstructEvent,
         R"({"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",)"
         R"("data":{"schema":"iglu:com.acme/event/jsonschema/1-0-0","data":{"a":1}}})"},
        {Field::kContexts,
         R"({"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",)"
         R"("data":[{"schema":"iglu:com.acme/other/jsonschema/1-0-0","data":{}}]})"},
        {Field::kDerivedContexts, "broken"},
    });
    json::Arena arena;
    const auto read = read_row(row, arena);
    REQUIRE(read);
    CHECK(read->app_id == "shop");
    REQUIRE(read->instances.size() == 2);
    CHECK(read->instances[0].is_of(kEvent));
    CHECK(read->instances[0].version() == "1-0-0");
    CHECK_FALSE(read->instances[1].is_of(kEvent));
    CHECK_FALSE(read_row("a\tb", arena));
}

TEST_CASE("A flat row's columns are told by name, whatever the model") {
    json::Arena arena;
    const auto read = read_row(
        R"({"event_id":"e","contexts_com_acme_event_2":[{}],"unstruct_event_com_acme_event_1":{},)"
        R"("contexts_com_acme_event_more_1":[{}],"contexts_com_acme_event_":[{}]})",
        arena);
    REQUIRE(read);
    REQUIRE(read->instances.size() == 4);
    CHECK(read->instances[0].is_of(kEvent));
    CHECK(read->instances[0].version() == "2-?-?");
    CHECK(read->instances[1].is_of(kEvent));
    CHECK_FALSE(read->instances[2].is_of(kEvent));
    CHECK_FALSE(read->instances[3].is_of(kEvent));
}
