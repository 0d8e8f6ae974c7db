#include "enricher/enrich/json_path.h"

#include "common/json/arena.h"
#include "common/json/parse.h"
#include "common/json/print.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

std::string_view as_it_is(std::string_view number, json::Arena&) {
    return number;
}

/// What the path leads to, `=` before members of objects.
std::string found(std::string_view path, std::string_view text) {
    json::Arena arena;
    const auto parsed = json::parse(text, arena);
    REQUIRE(parsed);
    json::Value root = mutable_copy(*parsed, arena, as_it_is);
    const auto compiled = JsonPath::parse(path);
    INFO(path);
    REQUIRE(compiled);
    std::string out;
    for (const JsonPlace& place : compiled->find(root)) {
        if (!out.empty()) out += ' ';
        if (place.is_member) out += '=';
        json::print(*place.value, out);
    }
    return out;
}

struct Case {
    std::string_view path, found;
};

TEST_CASE("a path leads where Jayway's leads") {
    constexpr std::string_view kJson =
        R"({"a":1,"b":{"a":2,"x y":3},"c":[{"a":4},[5,{"a":6}],7],"d.e":8})";
    const Case expected = GENERATE(values<Case>({
        {"$", R"({"a":1,"b":{"a":2,"x y":3},"c":[{"a":4},[5,{"a":6}],7],"d.e":8})"},
        {"$.a", "=1"},
        {"$.nothere", ""},
        {"$.a.b", ""},
        {"$.c.a", ""},
        {"$['a']", "=1"},
        {"$.['a','d.e']", "=1 =8"},
        {"$[\"d.e\"]", "=8"},
        {"$.b['x y']", "=3"},
        {"$.b.*", "=2 =3"},
        {"$.b[*]", "=2 =3"},
        {"$.c[*].a", "=4"},
        {"$.c[1][0]", "5"},
        {"$.c[-1]", "7"},
        {"$.c[5]", ""},
        {"$.c[0,2]", R"({"a":4} 7)"},
        {"$.c[:2]", R"({"a":4} [5,{"a":6}])"},
        {"$.c[1:]", R"([5,{"a":6}] 7)"},
        {"$.c[-2:-1]", R"([5,{"a":6}])"},
        {"$..a", "=1 =2 =4 =6"},
        {"$.c..a", "=4 =6"},
        {"$..[1]", R"([5,{"a":6}] {"a":6})"},
    }));
    CHECK(found(expected.path, kJson) == expected.found);
}

TEST_CASE("what is no path, or not supported, is told with its place") {
    const auto error = [](std::string_view path) { return JsonPath::parse(path).error(); };
    CHECK(error("a") == "`a` is no path at character 1: expected `$` at the beginning");
    CHECK(error("$.a[?(@.b)]") ==
          "`$.a[?(@.b)]` is no path at character 5: expected no filter: they are not supported");
    CHECK(error("$.a.length()") ==
          "`$.a.length()` is no path at character 5: expected no function: they are not supported");
    for (const std::string_view path :
         {"$.", "$a", "$['a", "$['a'", "$[", "$[1", "$[1,]", "$.a[b]"}) {
        INFO(path);
        CHECK_FALSE(JsonPath::parse(path));
    }
    CHECK_FALSE(JsonPath::parse("$" + std::string(5000, '.')));
}

TEST_CASE("nesting costs no stack") {
    json::Arena arena;
    json::Value deep = json::Value::number("1");
    for (int i = 0; i < 1'000'000; ++i) {
        const json::Member member{"a", deep};
        deep = json::Value::object(arena.copy(std::span<const json::Member>(&member, 1)));
    }
    json::Value copy = mutable_copy(deep, arena, as_it_is);
    CHECK(JsonPath::parse("$..a")->find(copy).size() == JsonPath::kPlacesMax);
}

}  // namespace
}  // namespace snowline::enricher
