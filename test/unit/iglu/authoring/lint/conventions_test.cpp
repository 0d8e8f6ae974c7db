#include "iglu/authoring/lint/conventions.h"

#include "common/json/parse.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::iglu;
using namespace snowline::iglu::lint;

namespace {

std::vector<std::string> broken(const char* uri, const char* schema,
                                const std::optional<LifeCycle>& life,
                                const Conventions& conventions) {
    json::Arena arena;
    std::vector<std::string> out;
    for (const Issue& issue : judge_conventions(*model::SchemaKey::parse(uri),
                                                *json::parse(schema, arena), life, conventions)) {
        CHECK(issue.level == Level::kWarning);
        out.push_back(issue.linter.substr(issue.linter.find('.') + 1) + " " + issue.pointer);
    }
    return out;
}

using Broken = std::vector<std::string>;

}  // namespace

TEST_CASE("Names are spelled as a team spells them") {
    struct Case {
        const char* text;
        bool snake, camel, pascal, kebab;
    };
    for (const Case& item :
         {Case{"order", true, true, false, true}, Case{"order_item2", true, false, false, false},
          Case{"orderItem", false, true, false, false},
          Case{"OrderItem", false, false, true, false},
          Case{"order-item", false, false, false, true},
          Case{"order__item", false, false, false, false},
          Case{"_order", false, false, false, false}, Case{"order_", false, false, false, false},
          Case{"2nd", false, false, false, false}, Case{"", false, false, false, false}}) {
        CAPTURE(item.text);
        CHECK(is_spelled(item.text, Spelling::kSnakeCase) == item.snake);
        CHECK(is_spelled(item.text, Spelling::kCamelCase) == item.camel);
        CHECK(is_spelled(item.text, Spelling::kPascalCase) == item.pascal);
        CHECK(is_spelled(item.text, Spelling::kKebabCase) == item.kebab);
    }
}

TEST_CASE("A schema is judged by its team's conventions") {
    const char* uri = "iglu:com.acmecorp/orderPlaced/jsonschema/1-0-0";
    const char* schema =
        R"({"description":"short","properties":{"order_id":{"description":"The id of the order",)"
        R"("properties":{"x":{}},"additionalProperties":false}}})";
    CHECK(broken(uri, schema, std::nullopt, {}).empty());
    CHECK(broken(uri, schema, std::nullopt, {.vendors = {"com.acme"}}) == Broken{"vendors /"});
    CHECK(broken(uri, schema, std::nullopt, {.vendors = {"com.acmecorp"}}).empty());
    CHECK(broken(uri, schema, std::nullopt, {.names = Spelling::kSnakeCase}) == Broken{"names /"});
    CHECK(broken(uri, schema, std::nullopt, {.properties = Spelling::kCamelCase}) ==
          Broken{"properties /"});
    CHECK(broken(uri, schema, std::nullopt, {.description_min = 10}) == Broken{"description /"});
    CHECK(broken(uri, schema, std::nullopt, {.closed = true}) == Broken{"additionalProperties /"});
}

TEST_CASE("Owner and domain are asked of the life cycle") {
    const char* uri = "iglu:com.acme/a/jsonschema/1-0-0";
    const Conventions asked{.owner = true, .domains = {"shop"}};
    LifeCycle life;
    CHECK(broken(uri, "{}", std::nullopt, asked) == Broken{"owner /", "domain /"});
    life.owner = "team";
    life.domain = "search";
    CHECK(broken(uri, "{}", life, asked) == Broken{"domain /"});
    CHECK(broken(uri, "{}", life, {.domain = true}).empty());
}
