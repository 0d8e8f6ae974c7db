#include "iglu/authoring/infer/inference.h"

#include "common/json/parse.h"
#include "iglu/authoring/lint/lint.h"
#include "iglu/validate/validator.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::iglu;

namespace {

const model::SchemaKey kKey = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-0");

struct Learnt {
    json::Arena arena;
    std::string text;
    json::Value schema;

    explicit Learnt(const std::vector<std::string>& examples,
                    const infer::InferenceOptions& options = {}) {
        infer::Inference inference;
        for (const std::string& example : examples) inference.add(*json::parse(example, arena));
        text = inference.schema(kKey, options);
        schema = *json::parse(text, arena);
    }

    json::Value at(std::initializer_list<const char*> path) const {
        json::Value value = schema;
        for (const char* name : path) {
            const json::Value* member = value.find(name);
            REQUIRE(member != nullptr);
            value = *member;
        }
        return value;
    }
};

}  // namespace

TEST_CASE("A schema that was learnt takes its examples and passes lint") {
    const std::vector<std::vector<std::string>> all = {
        {R"({})"},
        {R"({"a":1})", R"({"a":1.5})", R"({"a":"x"})", R"({"a":null})", R"({})", R"({"a":[1]})"},
        {R"({"n":-5,"m":99999999999999999999,"e":1e30,"h":1e400,"z":-0.0})"},
        {R"({"u":"5d3c1a70-1111-4222-8333-123456789abc","d":"2026-11-25","t":"2026-11-25T10:00:00Z"})",
         R"({"u":"5d3c1a70-1111-4222-8333-123456789abd","d":"2026-11-26","t":"no time"})"},
        {R"({"list":[{"a":1},{"b":[[],[null]]}],"empty":[]})", R"({"list":[{"a":2,"b":[]}]})"},
        {"{\"text\":\"" + std::string(70'000, 'x') + "\",\"\":\"\",\"a.b\":true}"},
        {R"({"e":"a"})", R"({"e":"b"})", R"({"e":"a"})", R"({"e":"a"})", R"({"e":"b"})",
         R"({"e":"b"})"},
    };
    for (const auto& examples : all) {
        for (const bool enums : {false, true}) {
            const Learnt learnt(examples, {.enums = enums});
            CAPTURE(learnt.text);
            const auto compiled = validate::compile(learnt.schema);
            REQUIRE(compiled);
            for (const std::string& example : examples) {
                json::Arena arena;
                const auto value = json::parse(example, arena);
                CAPTURE(example.substr(0, 200));
                CHECK(validate::is_valid(**compiled, *value));
            }
            for (const auto& issue : lint::lint(learnt.schema)) {
                CAPTURE(issue.linter, issue.pointer, issue.message);
                // What the examples are is not ours to change.
                const bool is_theirs = issue.linter.starts_with("bq") ||
                                       issue.linter == "numericMinMax" ||
                                       issue.linter == "stringMaxLengthRange";
                CHECK((is_theirs || issue.level == lint::Level::kNote));
            }
        }
    }
}

TEST_CASE("What is always there is required, and the rest may be null") {
    const Learnt learnt({R"({"a":1,"b":"x"})", R"({"a":2})"});
    CHECK(learnt.at({"required"}).items().size() == 1);
    CHECK(learnt.at({"required"}).items()[0].text() == "a");
    CHECK(learnt.at({"properties", "a", "type"}).text() == "integer");
    CHECK(learnt.at({"properties", "b", "type"}).items()[1].text() == "null");
    CHECK(learnt.at({"additionalProperties"}).type() == json::Type::kFalse);
}

TEST_CASE("Few texts that come often are an enum where that is asked for") {
    std::vector<std::string> examples(6, R"({"c":"EUR"})");
    examples.resize(12, R"({"c":"USD"})");
    CHECK(Learnt(examples, {.enums = true}).at({"properties", "c", "enum"}).items().size() == 2);
    CHECK(Learnt(examples).at({"properties", "c", "maxLength"}).text() == "16");
    CHECK(Learnt({R"({"c":"EUR"})"}, {.enums = true}).at({"properties", "c"}).find("enum") ==
          nullptr);
}

TEST_CASE("What nests deeper than twenty levels may be anything") {
    std::string deep = "1";
    for (int i = 0; i < 60; ++i) deep = "{\"a\":" + deep + "}";
    const Learnt learnt({deep});
    json::Arena arena;
    CHECK(validate::is_valid(**validate::compile(learnt.schema), *json::parse(deep, arena)));
}

TEST_CASE("Names become words") {
    const Learnt learnt({R"({"orderId":1,"gift_wrap":2,"HTTPStatus":3})"});
    CHECK(learnt.at({"properties", "orderId", "description"}).text() == "Order id");
    CHECK(learnt.at({"properties", "gift_wrap", "description"}).text() == "Gift wrap");
}
