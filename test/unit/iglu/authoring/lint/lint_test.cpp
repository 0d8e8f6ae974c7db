#include "iglu/authoring/lint/lint.h"

#include "common/json/parse.h"
#include "iglu/authoring/lint/linters.h"

#include <algorithm>

#include <catch2/catch.hpp>

namespace snowline::iglu::lint {
namespace {

// `linter pointer` of each issue, but those that every short schema has.
std::vector<std::string> found(std::string_view text) {
    json::Arena arena;
    std::vector<std::string> names;
    for (const Issue& issue :
         lint(*json::parse(text, arena), {.skipped = {"description", "rootObject", "schemaUri"}})) {
        names.push_back(issue.linter + ' ' + issue.pointer);
    }
    return names;
}

using Names = std::vector<std::string>;

model::SchemaKey key(const std::string& version) {
    return *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/" + version);
}

}  // namespace

TEST_CASE("subschemas are judged where the reference visits them") {
    CHECK(found(R"({"properties": {"a": {"items": {"type": "string"}}}})") ==
          Names{"stringLength /properties/a/items"});
    CHECK(found(R"({"oneOf": [{"type": "integer"}], "anyOf": [{"type": "integer"}]})") ==
          Names{"numericMinMax /oneOf/0"});
}

TEST_CASE("ipv6 is a format, a word with its letters swapped is none") {
    CHECK(found(R"({"type": "string", "format": "ipv6"})").empty());
    CHECK(found(R"({"type": "string", "format": "ivp6", "maxLength": 9})") ==
          Names{"unknownFormats /"});
}

TEST_CASE("what is no draft-04 schema is an error, what our validator cannot use a note") {
    CHECK(found(R"({"maxLength": -1})") == Names{"metaschema /maxLength"});
    CHECK(found(R"({"pattern": "["})") == Names{"unusable /pattern"});
    CHECK(found(R"({"requird": ["a"]})") == Names{"unknownKeyword /"});
}

TEST_CASE("notes do not fail a schema") {
    CHECK(passes(std::vector<Issue>{{"unknownKeyword", Level::kNote, "/", ""}}));
    CHECK_FALSE(passes(std::vector<Issue>{{"description", Level::kInfo, "/", ""}}));
}

TEST_CASE("errors cannot be skipped") {
    for (const Linter& linter : linters()) {
        CHECK(linter.is_skippable() == (linter.level != Level::kError));
    }
}

TEST_CASE("versions are published one after the other") {
    const auto gaps = [](const std::vector<std::string>& versions) {
        std::vector<model::SchemaKey> keys;
        for (const std::string& version : versions) keys.push_back(key(version));
        return publication_gaps(keys).size();
    };
    CHECK(gaps({"1-0-0", "1-0-1", "1-1-0", "1-1-1", "2-0-0"}) == 0);
    CHECK(gaps({"1-0-1"}) == 1);
    CHECK(gaps({"1-0-0", "1-0-2"}) == 1);
    CHECK(gaps({"1-0-0", "3-0-0"}) == 1);
    CHECK(gaps({"1-0-0", "1-2-0"}) == 1);
}

}  // namespace snowline::iglu::lint
