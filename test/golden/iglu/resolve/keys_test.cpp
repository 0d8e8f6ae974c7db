// Keys, versions, criteria and self-describing JSON, as recorded from the reference's core library.
// Where the reference throws (numbers beyond 32 bits), any refusal is right.
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/schema_key.h"
#include "common/model/self_describing.h"
#include "test/support/golden.h"

#include <functional>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::iglu {
namespace {

using json::Value;

// Answers are compared as compact JSON in the order of the recording; `error` alone where refused.
std::string error(model::ParseErrorCode code) {
    return fmt::format(R"({{"error":"{}"}})", name_of(code));
}

std::string number(std::optional<std::int32_t> value) {
    return value ? fmt::format("{}", *value) : "null";
}

std::string text(std::string_view value) {
    std::string out;
    json::print_string(value, out);
    return out;
}

std::string version(std::optional<model::PartialSchemaVer> parsed) {
    if (!parsed) return error(model::ParseErrorCode::kInvalidSchemaVer);
    const bool full = parsed->model && parsed->revision && parsed->addition;
    return fmt::format(R"({{"kind":"{}","model":{},"revision":{},"addition":{},"asString":"{}"}})",
                       full ? "full" : "partial", number(parsed->model), number(parsed->revision),
                       number(parsed->addition), parsed->to_string());
}

model::PartialSchemaVer as_partial(const model::SchemaVer& full) {
    return {.model = full.model, .revision = full.revision, .addition = full.addition};
}

std::string key(const Result<model::SchemaKey, model::ParseErrorCode>& parsed) {
    if (!parsed) return error(parsed.error());
    return fmt::format(R"({{"vendor":{},"name":{},"format":{},"version":{},"uri":{},"path":{}}})",
                       text(parsed->vendor), text(parsed->name), text(parsed->format),
                       version(as_partial(parsed->version)), text(parsed->to_uri()),
                       text(parsed->to_path()));
}

std::string partial_key(const Result<model::PartialSchemaKey, model::ParseErrorCode>& parsed) {
    if (!parsed) return error(parsed.error());
    return fmt::format(R"({{"vendor":{},"name":{},"format":{},"version":{},"uri":{}}})",
                       text(parsed->vendor), text(parsed->name), text(parsed->format),
                       version(parsed->version), text(parsed->to_uri()));
}

std::string criterion(const std::optional<model::SchemaCriterion>& parsed) {
    if (!parsed) return R"({"none":true})";
    return fmt::format(R"({{"vendor":{},"name":{},"format":{},"model":{},"revision":{},)"
                       R"("addition":{},"asString":{}}})",
                       text(parsed->vendor), text(parsed->name), text(parsed->format),
                       number(parsed->model), number(parsed->revision), number(parsed->addition),
                       text(parsed->to_uri()));
}

std::string matches(Value input) {
    const auto wanted = model::SchemaCriterion::parse(input.find("criterion")->text());
    const auto asked = model::SchemaKey::parse(input.find("key")->text());
    return fmt::format(R"({{"matches":{}}})", wanted && asked && wanted->matches(*asked));
}

std::string compare(Value input) {
    const auto a = model::SchemaVer::parse(input.find("a")->text());
    const auto b = model::SchemaVer::parse(input.find("b")->text());
    if (!a || !b) return error(model::ParseErrorCode::kInvalidSchemaVer);
    return fmt::format(R"({{"compare":{}}})", *a < *b ? -1 : *a == *b ? 0 : 1);
}

std::string data(Value input) {
    const auto parsed = model::SelfDescribingData::parse(input);
    if (!parsed) return error(parsed.error());
    return fmt::format(R"({{"schema":"{}","data":{}}})", parsed->schema.to_uri(),
                       json::print(parsed->data));
}

std::string schema(Value input) {
    const auto parsed = model::SelfDescribingSchema::parse(input);
    if (!parsed) return error(parsed.error());
    json::Arena arena;
    return fmt::format(R"({{"self":{},"schema":{}}})", key(parsed->self),
                       json::print(parsed->body(arena)));
}

std::string full_version(Value input) {
    const auto parsed = model::SchemaVer::parse(input.text());
    return version(parsed ? std::optional(as_partial(*parsed)) : std::nullopt);
}

// `isValid` of the reference is a pattern, which 40 digits match, too.
std::string is_valid(Value input) {
    return fmt::format(R"({{"valid":{}}})", model::SchemaVer::parse(input.text()).has_value());
}

const std::map<std::string_view, std::function<std::string(Value)>> kAnswers = {
    {"schemaVer",
     [](Value input) { return version(model::PartialSchemaVer::parse(input.text())); }},
    {"schemaVerFull", full_version},
    {"schemaVerIsValid", is_valid},
    {"schemaVerCompare", compare},
    {"schemaKey", [](Value input) { return key(model::SchemaKey::parse(input.text())); }},
    {"schemaMap", [](Value input) { return key(model::SchemaKey::parse_path(input.text())); }},
    {"partialSchemaKey",
     [](Value input) { return partial_key(model::PartialSchemaKey::parse(input.text())); }},
    {"schemaCriterion",
     [](Value input) { return criterion(model::SchemaCriterion::parse(input.text())); }},
    {"criterionMatches", matches},
    {"sdData", data},
    {"sdSchema", schema},
};

// Beyond 32 bits: the reference throws, or takes the text for a version; ours is none.
bool has_number_beyond_32_bits(std::string_view text) {
    std::uint64_t value = 0;
    for (const char c : text) {
        value = c >= '0' && c <= '9' ? value * 10 + static_cast<std::uint64_t>(c - '0') : 0;
        if (value > INT32_MAX) return true;
    }
    return false;
}

TEST_CASE("keys, versions, criteria and self-describing JSON are read as recorded") {
    std::map<std::string, int> seen;
    for (const std::string& line : test::read_lines(test::golden("iglu") / "keys.jsonl")) {
        json::Arena arena;
        const auto recorded = json::parse(line, arena);
        REQUIRE(recorded);
        const auto answer = kAnswers.find(recorded->find("kind")->text());
        if (answer == kAnswers.end()) continue;  // lists and configurations: their own tests
        ++seen[std::string(answer->first)];
        const Value input = *recorded->find("input");
        Value expected = *recorded->find("ref");
        if (const Value* parse = expected.find("parse")) expected = *parse;
        const std::string given = answer->second(input);
        INFO(line);
        if (expected.find("exception") != nullptr) {
            CHECK(given.starts_with(R"({"error":)"));
        } else if (answer->first == "schemaVerIsValid" && has_number_beyond_32_bits(input.text())) {
            CHECK(given == R"({"valid":false})");
        } else {
            CHECK(given == json::print(expected));
        }
    }
    CHECK(seen.size() == kAnswers.size());
}

}  // namespace
}  // namespace snowline::iglu
