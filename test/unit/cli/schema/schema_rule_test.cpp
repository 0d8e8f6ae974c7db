#include "cli/schema/schema_rule.h"

#include "common/json/parse.h"

#include <catch2/catch.hpp>

namespace snowline::cli {

TEST_CASE("a report's rule is found in the schema") {
    constexpr std::string_view kSchema = R"({
        "definitions": {"id": {"type": "string", "format": "uuid"}},
        "properties": {
            "a": {"items": {"$ref": "#/definitions/id"}},
            "b/c": {"type": ["string", "null"]}},
        "additionalProperties": {"maximum": 5}})";
    json::Arena arena;
    const auto schema = *json::parse(kSchema, arena);
    const auto pointer = [&](std::string_view path, std::string_view keyword) {
        const auto rule = rule_of(schema, path, keyword);
        return rule ? rule->pointer + " " + rule->text : "";
    };
    CHECK(pointer("$.a[3]", "uuid") == R"(/definitions/id/format "uuid")");
    CHECK(pointer("$.b/c", "unionType") == R"(/properties/b~1c/type ["string","null"])");
    CHECK(pointer("$.other", "maximum") == "/additionalProperties/maximum 5");
    CHECK(pointer("$.a.b", "type").empty());
    CHECK(pointer("$", "oneOf").empty());
}

}  // namespace snowline::cli
