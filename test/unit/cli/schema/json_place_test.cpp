#include "cli/schema/json_place.h"

#include <catch2/catch.hpp>

namespace snowline::cli {
namespace {

constexpr std::string_view kJson = R"({
  "a": [1, {"b\"": "x]"},
        {"c.d": 3, "c": {"d": 4}}],
  "e": null
})";

std::pair<std::size_t, std::size_t> at(std::string_view path) {
    const auto place = place_of(kJson, path);
    return place ? std::pair(place->line, place->column) : std::pair<std::size_t, std::size_t>();
}

}  // namespace

TEST_CASE("a validator's path leads to a line and a column") {
    CHECK(at("$") == std::pair<std::size_t, std::size_t>(1, 1));
    CHECK(at("$.a") == std::pair<std::size_t, std::size_t>(2, 8));
    CHECK(at("$.a[1]") == std::pair<std::size_t, std::size_t>(2, 12));
    CHECK(at("$.e") == std::pair<std::size_t, std::size_t>(4, 8));
}

TEST_CASE("a name with a dot is tried before a name in a name") {
    CHECK(at("$.a[2].c.d") == std::pair<std::size_t, std::size_t>(3, 17));
}

TEST_CASE("a path that leads nowhere has no place") {
    CHECK_FALSE(place_of(kJson, "$.x"));
    CHECK_FALSE(place_of(kJson, "$.a[3]"));
    CHECK_FALSE(place_of(kJson, "$.e.f"));
    CHECK_FALSE(place_of("{", "$"));
}

}  // namespace snowline::cli
