#include "common/json/build.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/json/rewrite.h"

#include <string>

#include <catch2/catch.hpp>

namespace snowline::json {
namespace {

std::vector<Member> with_question_marks(std::vector<Member> members) {
    for (Member& member : members) {
        if (member.value.is_string()) member.value = Value::string("?");
    }
    return members;
}

std::string rewritten(std::string_view text, const Rewrite& how) {
    Arena arena;
    const auto value = parse(text, arena);
    REQUIRE(value);
    return print(rewrite(*value, how, arena));
}

std::string merged(std::string_view base, std::string_view over) {
    Arena arena;
    return print(deep_merge(*parse(base, arena), *parse(over, arena), arena));
}

}  // namespace

TEST_CASE("every object of a value is rewritten, those in arrays too") {
    const Rewrite how{.object = with_question_marks, .enter = {}};
    CHECK(rewritten(R"({"a":"x","b":[{"c":"y","d":[["z"]]},1],"e":{}})", how) ==
          R"({"a":"?","b":[{"c":"?","d":[["z"]]},1],"e":{}})");
    CHECK(rewritten(R"(["x",{"a":"x"}])", how) == R"(["x",{"a":"?"}])");
    CHECK(rewritten("1.50", how) == "1.50");
}

TEST_CASE("arrays and members can be left as they are") {
    const Rewrite how{.object = with_question_marks,
                      .enter = [](const Member& member) { return member.name != "keep"; },
                      .arrays = false};
    CHECK(rewritten(R"({"a":[{"b":"x"}],"keep":{"c":"y"},"d":{"e":"z"}})", how) ==
          R"({"a":[{"b":"x"}],"keep":{"c":"y"},"d":{"e":"?"}})");
}

TEST_CASE("of names that became equal the last value counts, at the first one's place") {
    const Rewrite how{.object =
                          [](std::vector<Member> members) {
                              for (Member& member : members) {
                                  if (member.name != "other") member.name = "same";
                              }
                              return members;
                          },
                      .enter = {}};
    CHECK(rewritten(R"({"a":1,"other":2,"b":3})", how) == R"({"same":3,"other":2})");
}

TEST_CASE("a value as deep as the reader allows is rewritten without recursion") {
    std::string text = "1";
    for (int i = 0; i < 500; ++i) text = R"({"a":)" + text + "}";
    CHECK(rewritten(text, {.object = [](std::vector<Member> members) { return members; },
                           .enter = {}}) == text);
}

TEST_CASE("merged objects have the upper one's members first, and its values where both have one") {
    CHECK(merged(R"({"a":1,"b":2})", R"({"b":3,"c":4})") == R"({"b":3,"c":4,"a":1})");
    CHECK(merged(R"({"a":{"x":1,"y":2},"b":{"z":1}})", R"({"a":{"y":3},"b":null})") ==
          R"({"a":{"y":3,"x":1},"b":null})");
    CHECK(merged("[1]", R"({"a":1})") == R"({"a":1})");
    CHECK(merged(R"({"a":1})", "[1]") == "[1]");
}

TEST_CASE("five members and more are in the order of the reference's hash trie") {
    Arena arena;
    const auto order = [&](std::string_view text) {
        const auto value = parse(text, arena);
        const auto members = value->members();
        return print(object(arena, in_scala_map_order({members.begin(), members.end()})));
    };
    CHECK(order(R"({"user_agent":1,"campaign":2,"type":3,"clicked_at":4})") ==
          R"({"user_agent":1,"campaign":2,"type":3,"clicked_at":4})");
    CHECK(order(R"({"service_name":1,"favicon_url":2,"status_page_url":3,"home_page_url":4,)"
                R"("current_status":5,"last_status":6,"occurred_at":7})") ==
          R"({"last_status":6,"status_page_url":3,"service_name":1,"favicon_url":2,)"
          R"("occurred_at":7,"home_page_url":4,"current_status":5})");
}

}  // namespace snowline::json
