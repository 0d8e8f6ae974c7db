#include "iglu/authoring/diff/diff.h"

#include "common/json/parse.h"
#include "iglu/authoring/diff/pattern_sample.h"
#include "iglu/validate/validator.h"

#include <catch2/catch.hpp>

namespace snowline::iglu::diff {
namespace {

// `BUMP pointer` of every change but the widening ones; counter-examples are judged here once more.
std::vector<std::string> narrowing(std::string_view before, std::string_view after) {
    json::Arena arena;
    const auto old_json = *json::parse(before, arena);
    const auto new_json = *json::parse(after, arena);
    const auto difference = diff(old_json, new_json);
    REQUIRE(difference);
    std::vector<std::string> names;
    for (const Change& change : difference->changes) {
        if (change.bump == Bump::kAddition) continue;
        names.push_back(std::string(name_of(change.bump)) + ' ' + change.pointer);
        if (change.bump == Bump::kUndecided) continue;
        INFO(change.pointer << " " << change.counter_example);
        const auto example = json::parse(change.counter_example, arena);
        REQUIRE(example);
        CHECK(validate::is_valid(**validate::compile(old_json), *example));
        CHECK_FALSE(validate::is_valid(**validate::compile(new_json), *example));
    }
    return names;
}

Bump bump(std::string_view before, std::string_view after) {
    json::Arena arena;
    return diff(*json::parse(before, arena), *json::parse(after, arena))->bump;
}

using Names = std::vector<std::string>;

// An object with one optional property.
std::string with(std::string_view property) {
    return R"({"type":"object","properties":{"a":)" + std::string(property) + "}}";
}

}  // namespace

TEST_CASE("what only widens is an ADDITION") {
    const auto [before, after] = GENERATE(table<std::string, std::string>({
        {R"({"type":"integer"})", R"({"type":"number"})"},
        {R"({"type":"string"})", R"({"type":["string","null"]})"},
        {R"({"type":"string","maxLength":5})", R"({"type":"string","maxLength":9})"},
        {R"({"type":"integer","minimum":1})", R"({"type":"integer","minimum":-1.5})"},
        {R"({"enum":["a"]})", R"({"enum":["a","b"]})"},
        {R"({"type":"string","pattern":"^a"})", R"({"type":"string"})"},
        {R"({"format":"uuid"})", R"({"format":"something else"})"},
        {R"({"multipleOf":4})", R"({"multipleOf":2})"},
        {R"({"uniqueItems":true})", R"({})"},
        {R"({"anyOf":[{"type":"string"}]})", R"({"anyOf":[{"type":"null"},{"type":"string"}]})"},
        {R"({"anyOf":[{"type":"string","maxLength":5}]})",
         R"({"anyOf":[{"type":"null"},{"type":"string","maxLength":6}]})"},
        {R"({"enum":["a"],"maxLength":9})", R"({"enum":["a"],"maxLength":1})"},
    }));
    INFO(before << " -> " << after);
    CHECK(narrowing(with(before), with(after)).empty());
    CHECK(bump(with(before), with(after)) == Bump::kAddition);
}

TEST_CASE("a description changes nothing") {
    CHECK(bump(with(R"({"type":"string"})"), with(R"({"description":"d","type":"string"})")) ==
          Bump::kNone);
}

TEST_CASE("what refuses some data is a REVISION, with data that shows it") {
    const auto [before, after, keyword] = GENERATE(table<std::string, std::string, std::string>({
        {R"({"type":["string","null"]})", R"({"type":"string"})", "type"},
        {R"({"type":"string","maxLength":9})", R"({"type":"string","maxLength":5})", "maxLength"},
        {R"({"type":"string"})", R"({"type":"string","minLength":1})", "minLength"},
        {R"({"type":"integer","maximum":9})", R"({"type":"integer","maximum":5})", "maximum"},
        {R"({"type":"number"})", R"({"type":"number","minimum":0})", "minimum"},
        {R"({"type":"integer","minimum":0})",
         R"({"type":"integer","minimum":0,"exclusiveMinimum":true})", "exclusiveMinimum"},
        {R"({"enum":["a","b"]})", R"({"enum":["a"]})", "enum"},
        {R"({"type":"string"})", R"({"type":"string","pattern":"^a$"})", "pattern"},
        {R"({"type":"string","pattern":"^[a-z]{3}$"})",
         R"({"type":"string","pattern":"^[a-f]{3}$"})", "pattern"},
        {R"({"type":"string"})", R"({"type":"string","format":"uuid"})", "format"},
        {R"({"type":"integer"})", R"({"type":"integer","multipleOf":2})", "multipleOf"},
        {R"({"type":"array"})", R"({"type":"array","uniqueItems":true})", "uniqueItems"},
        {R"({"type":"array","maxItems":3})", R"({"type":"array","maxItems":2})", "maxItems"},
        {R"({"type":"array","items":{"type":"string"}})",
         R"({"type":"array","items":{"type":"string","maxLength":3}})", "items/maxLength"},
        {R"({"anyOf":[{"type":"null"},{"type":"string"}]})", R"({"anyOf":[{"type":"string"}]})",
         "anyOf"},
    }));
    INFO(before << " -> " << after);
    CHECK(narrowing(with(before), with(after)) == Names{"REVISION /properties/a/" + keyword});
}

TEST_CASE("what refuses most data, or changes a column, is a MODEL") {
    const auto [before, after, keyword] = GENERATE(table<std::string, std::string, std::string>({
        {R"({"type":"string"})", R"({"type":"integer"})", "type"},
        {R"({"type":["string","null"]})", R"({"type":["object","null"]})", "type"},
        {R"({"type":"number"})", R"({"type":"integer"})", "type"},
        {R"({"enum":["a"]})", R"({"enum":["b"]})", "enum"},
        {R"({"type":"integer","maximum":5})", R"({"type":"integer","minimum":6,"maximum":9})",
         "minimum"},
    }));
    INFO(before << " -> " << after);
    CHECK(bump(with(before), with(after)) == Bump::kModel);
    const auto names = narrowing(with(before), with(after));
    CHECK(names.front() == "MODEL /properties/a/" + keyword);
}

TEST_CASE("properties come and go") {
    const std::string open = R"({"type":"object","properties":{"a":{"type":"string"}}})";
    const std::string closed =
        R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})";
    const std::string closed_b =
        R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
            "additionalProperties":false})";
    const std::string open_b =
        R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}})";
    CHECK(bump(closed, closed_b) == Bump::kAddition);
    CHECK(bump(closed, open) == Bump::kAddition);
    CHECK(narrowing(open, open_b) == Names{"REVISION /properties/b/type"});
    CHECK(narrowing(open, closed) == Names{"REVISION /additionalProperties"});
    CHECK(narrowing(closed_b, closed) == Names{"REVISION /properties/b"});
}

TEST_CASE("what becomes required is a MODEL, what becomes optional an ADDITION") {
    const std::string optional = with(R"({"type":"string"})");
    const std::string required =
        R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"]})";
    CHECK(narrowing(optional, required) == Names{"MODEL /required"});
    CHECK(bump(required, optional) == Bump::kAddition);
}

TEST_CASE("a change beside another one has a counter-example of its own") {
    const std::string before = R"({"type":"object","properties":{"a":{"enum":["x"]}}})";
    const std::string after =
        R"({"type":"object","properties":{"a":{"enum":["x"],"maxLength":3}},"required":["a"]})";
    CHECK(narrowing(before, after) == Names{"MODEL /required"});
}

TEST_CASE("references are followed, in circles, too") {
    const std::string before =
        R"({"definitions":{"n":{"type":"object","properties":{"n":{"$ref":"#/definitions/n"},
            "v":{"type":"integer"}}}},"$ref":"#/definitions/n"})";
    const std::string after =
        R"({"definitions":{"n":{"type":"object","properties":{"n":{"$ref":"#/definitions/n"},
            "v":{"type":"string"}}}},"$ref":"#/definitions/n"})";
    CHECK(bump(before, before) == Bump::kNone);
    CHECK(narrowing(before, after) == Names{"MODEL /properties/v/type"});
}

TEST_CASE("what cannot be decided is said to be undecided") {
    CHECK(bump(with(R"({"oneOf":[{"type":"string"}]})"),
               with(R"({"oneOf":[{"type":"string"},{"type":"null"}]})")) == Bump::kUndecided);
}

TEST_CASE("a declared version is enough, or too small") {
    CHECK(declared_bump({1, 0, 0}, {1, 0, 1}) == Bump::kAddition);
    CHECK(declared_bump({1, 0, 5}, {1, 1, 0}) == Bump::kRevision);
    CHECK(declared_bump({1, 2, 0}, {2, 0, 0}) == Bump::kModel);
    CHECK(is_enough(Bump::kRevision, Bump::kAddition));
    CHECK_FALSE(is_enough(Bump::kAddition, Bump::kRevision));
    CHECK_FALSE(is_enough(Bump::kRevision, Bump::kUndecided));
    CHECK(is_enough(Bump::kModel, Bump::kUndecided));
}

TEST_CASE("a pattern's sample is a text that it matches") {
    CHECK(pattern_sample(R"(^[a-z]{2}-\d+$)", Choice::kLeast) == "aa-0");
    CHECK(pattern_sample("^(?:ab|cd)?x$", Choice::kLeast) == "x");
    CHECK(pattern_sample("^(?:ab|cd)?x$", Choice::kMore) == "cdx");
    CHECK(pattern_sample("[^x]", Choice::kLeast) == "A");
    CHECK_FALSE(pattern_sample("(?=a)b", Choice::kLeast));
    CHECK_FALSE(pattern_sample("(a", Choice::kLeast));
}

}  // namespace snowline::iglu::diff
