#include "iglu/validate/validator.h"

#include "common/json/arena.h"
#include "common/json/parse.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::iglu::validate {
namespace {

struct Checked {
    bool valid = false;
    std::vector<Report> reports;
    std::vector<Issue> issues;
};

Checked check(std::string_view schema, std::string_view instance) {
    json::Arena arena;
    const auto compiled = compile(json::parse(schema, arena).value());
    if (!compiled) return {.issues = compiled.error()};
    const json::Value value = json::parse(instance, arena).value();
    Checked checked{.reports = validate(**compiled, value)};
    checked.valid = checked.reports.empty();
    return checked;
}

TEST_CASE("a violation is worded as the reference words it") {
    struct {
        std::string_view schema, instance;
        Report report;
    } const cases[] = {
        {R"({"type":"integer"})",
         R"("x")",
         {"$: string found, integer expected", "$", "type", {"string", "integer"}}},
        {R"({"properties":{"a":{"type":["integer","null"]}}})",
         R"({"a":1.0})",
         {"$.a: number found, but [integer, null] is required",
          "$.a",
          "unionType",
          {"number", "[integer, null]"}}},
        {R"({"required":["a"]})",
         "{}",
         {"$.a: is missing but it is required", "$", "required", {"a"}}},
        {R"({"items":{"minimum":1e5}})",
         "[1e5,99999.9]",
         {"$[1]: must have a minimum value of 1E+5", "$[1]", "minimum", {"1E+5"}}},
        {R"({"not":{"enum":[1]}})",
         "1.0",
         {R"($: should not be valid to the schema "not" : {"enum":[1]})",
          "$",
          "not",
          {R"("not" : {"enum":[1]})"}}},
        {R"({"uniqueItems":true})",
         "[[1],[1]]",
         {"$: the items in the array must be unique", "$", "uniqueItems", {}}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.schema);
        const Checked checked = check(c.schema, c.instance);
        CHECK(checked.issues.empty());
        REQUIRE(checked.reports.size() == 1);
        CHECK(checked.reports[0].message == c.report.message);
        CHECK(checked.reports[0] == c.report);
    }
}

TEST_CASE("numbers are exact at any size and spelling") {
    CHECK(check(R"({"maximum":9007199254740993})", "9007199254740992.9999999999999999999").valid);
    CHECK_FALSE(
        check(R"({"maximum":9007199254740992})", "9007199254740992.0000000000000001").valid);
    CHECK(check(R"({"type":"integer"})", "123456789012345678901234567890123456789").valid);
    CHECK_FALSE(check(R"({"type":"number"})", "1e99999999999").valid);
    CHECK(check(R"({"type":"string"})", "1e99999999999").valid);
    CHECK(check(R"({"multipleOf":0.1})", "1e2147483647").valid);
    CHECK_FALSE(check(R"({"multipleOf":0.3})", "1e2147483647").valid);
}

TEST_CASE("the verdict, which takes short ways, is that of the list of violations") {
    const auto is_right = [](std::string_view schema, std::string_view instance) {
        json::Arena arena;
        const auto compiled = compile(json::parse(schema, arena).value());
        const json::Value value = json::parse(instance, arena).value();
        const bool valid = is_valid(**compiled, value);
        CHECK(valid == validate(**compiled, value).empty());
        return valid;
    };
    struct {
        std::string_view schema;
        std::vector<std::string_view> right, wrong;
    } const cases[] = {
        {R"({"minimum":0,"maximum":10})",
         {"0.0", "0.5", "9.999999999999999999", "10.0", "1.0e1", "0.1E2", "-0.0"},
         {"-0.5", "10.0000000000000000001", "10.5", "11.0", "1.1e1", "99999999999999999.5"}},
        {R"({"minimum":0,"exclusiveMinimum":true,"maximum":10,"exclusiveMaximum":true})",
         {"0.5", "1.0", "9.999999999999999999"},
         {"0.0", "10.0", "0", "10"}},
        {R"({"minimum":0.5,"maximum":9.5})", {"0.5", "1.5", "9.5"}, {"0.4", "9.6"}},
        {R"({"minimum":-3,"maximum":-1})", {"-1.0", "-2.5"}, {"-0.5", "-3.5", "1.5"}},
        {R"({"minimum":0,"multipleOf":0.5})", {"1.5"}, {"1.25"}},
        {R"({"enum":["a",null]})", {"null", R"("a")"}, {"false", "true", "0", "[]", "{}"}},
        {R"({"enum":[true,1]})", {"true", "1", "1.0"}, {"false", "null", R"("true")"}},
        {R"({"enum":[[false]]})", {"[false]"}, {"false", "null", "[true]"}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.schema);
        for (const std::string_view instance : c.right) {
            CAPTURE(instance);
            CHECK(is_right(c.schema, instance));
        }
        for (const std::string_view instance : c.wrong) {
            CAPTURE(instance);
            CHECK_FALSE(is_right(c.schema, instance));
        }
    }
}

TEST_CASE("a schema is checked before it is used") {
    CHECK(check(R"({"type":"strin"})", "1").issues ==
          std::vector<Issue>{
              {"$.type",
               "$.type: does not have a value in the enumeration [array, boolean, integer, null, "
               "number, object, string]"},
              {"$.type", "$.type: should be valid to any of the schemas array"},
          });
    CHECK(check(R"({"$schema":"x"})", "1").issues ==
          std::vector<Issue>{{"$", "Unknown MetaSchema: x"}});
    CHECK(check(R"({"pattern":"["})", "1").issues.size() == 1);
    std::string deep;
    for (int i = 0; i < 250; ++i) deep += R"({"not":)";
    deep += "{}" + std::string(250, '}');
    CHECK(check(deep, "1").issues.size() == 1);
}

TEST_CASE("references are local; what they do not find is a violation where it is reached") {
    constexpr std::string_view kTree =
        R"({"properties":{"c":{"$ref":"#"},"v":{"type":"integer"}},"additionalProperties":false})";
    CHECK(check(kTree, R"({"c":{"c":{"v":1}}})").valid);
    CHECK(check(kTree, R"({"c":{"c":{"v":"x"}}})").reports[0].path == "$.c.c.v");
    CHECK(check(R"({"$ref":"http://127.0.0.1:1/x#/y"})", "1").valid);
    CHECK(check(R"({"properties":{"x":{"$ref":"#/nowhere"}}})", "{}").valid);
    const Checked lost = check(R"({"properties":{"x":{"$ref":"#/nowhere"}}})", R"({"x":1})");
    REQUIRE(lost.reports.size() == 1);
    CHECK(lost.reports[0].message == "$.x: reference #/nowhere leads nowhere");
    CHECK_FALSE(
        check(R"({"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/a"}}})", "1")
            .valid);
}

TEST_CASE("an instance that would take for ever is invalid") {
    std::string deep;
    for (int i = 0; i < 60; ++i) deep += R"({"c":)";
    deep += "1" + std::string(60, '}');
    const Checked twice_each_level =
        check(R"({"properties":{"c":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}})", deep);
    CHECK_FALSE(twice_each_level.valid);
    REQUIRE(twice_each_level.reports.size() == 1);
    CHECK(twice_each_level.reports[0].keyword == "limit");
}

}  // namespace
}  // namespace snowline::iglu::validate
