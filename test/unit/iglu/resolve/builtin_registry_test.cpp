#include "iglu/resolve/builtin_registry.h"

#include "common/json/parse.h"
#include "common/model/self_describing.h"

#include <algorithm>

#include <catch2/catch.hpp>

namespace snowline::iglu {

TEST_CASE("every built-in schema is the one that its path names") {
    const auto schemas = builtin_schemas();
    CHECK(schemas.size() > 200);
    CHECK(std::is_sorted(schemas.begin(), schemas.end(),
                         [](const auto& a, const auto& b) { return a.path < b.path; }));
    for (const BuiltinSchema& schema : schemas) {
        INFO(schema.path);
        json::Arena arena;
        const auto json = json::parse(schema.text, arena);
        REQUIRE(json);
        const auto parsed = model::SelfDescribingSchema::parse(*json);
        REQUIRE(parsed);
        CHECK(parsed->self.to_path() == schema.path);
    }
}

TEST_CASE("the built-in registry gives what it has, and has not what it has not") {
    const auto registry = builtin_registry();
    const std::string vendor = "com.snowplowanalytics.snowplow";
    CHECK(registry->fetch(
        *model::SchemaKey::parse("iglu:" + vendor + "/payload_data/jsonschema/1-0-4")));
    CHECK(registry
              ->fetch(*model::SchemaKey::parse("iglu:" + vendor + "/payload_data/jsonschema/1-0-9"))
              .error() == not_found());
}

}  // namespace snowline::iglu
