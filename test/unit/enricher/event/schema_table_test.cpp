#include "enricher/event/schema_table.h"

#include "common/json/arena.h"
#include "common/json/parse.h"

#include <map>
#include <string>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

/// Schemas that demand `{"n": <number>}`, of the name `event`.
class CountingSource final : public iglu::SchemaSource {
public:
    const iglu::Lookup& find(const model::SchemaKey& key) override {
        ++asked;
        return key.name == "absent" ? absent_ : key.name == "old" ? superseded_ : present_;
    }

    int asked = 0;

private:
    static iglu::ResolvedSchema resolved(std::optional<model::SchemaVer> superseded_by) {
        json::Arena arena;
        const auto schema = json::parse(R"({"properties":{"n":{"type":"number"}}})", arena).value();
        return {.schema = iglu::validate::compile(schema).value(), .superseded_by = superseded_by};
    }
    iglu::Lookup present_ = resolved(std::nullopt), absent_ = iglu::ResolutionError{},
                 superseded_ = resolved(model::SchemaVer{1, 0, 7});
};

std::string uri_of(int number) {
    return "iglu:com.acme/event_" + std::to_string(number) + "/jsonschema/1-0-0";
}

struct Fixture {
    CountingSource source;
    SchemaTable table{source};
    json::Arena arena;

    Result<Checked, SchemaFailure> check(std::string_view uri, std::string_view data) {
        const auto schema = table.find(uri);
        REQUIRE(schema.has_value());
        return enricher::check({.schema = *schema, .data = json::parse(data, arena).value()},
                               table);
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a schema is asked for once, however many there are") {
    std::vector<const Schema*> met;
    for (int i = 0; i < 5'000; ++i) met.push_back(table.find(uri_of(i)).value());
    for (int i = 0; i < 5'000; ++i) {
        REQUIRE(table.find(uri_of(i)).value() == met[static_cast<std::size_t>(i)]);
        REQUIRE(met[static_cast<std::size_t>(i)]->uri == uri_of(i));
        for (int times = 0; times < 3; ++times) REQUIRE(check(uri_of(i), R"({"n":1})"));
        REQUIRE_FALSE(check(uri_of(i), R"({"n":"1"})"));
    }
    CHECK(source.asked == 5'000);
}

TEST_CASE_METHOD(Fixture, "what is expected is neither asked for nor remembered") {
    for (int i = 0; i < 1'000; ++i) REQUIRE(check(uri_of(i), R"({"n":1})"));
    REQUIRE(table.is_large());
    const int asked = source.asked;
    const std::string known = uri_of(7), unknown = uri_of(1'000);
    std::vector<std::string_view> uris{known, unknown, "", "no URI"};
    table.expect(uris);
    uris.resize(100, known);
    table.expect(uris);
    CHECK(source.asked == asked);
    CHECK(check(known, R"({"n":1})"));
    CHECK(source.asked == asked);
    CHECK(check(unknown, R"({"n":1})"));
    CHECK(source.asked == asked + 1);
}

TEST_CASE_METHOD(Fixture, "a text of any length is told from those that are like it") {
    const auto uri = [](std::size_t size) {
        const std::string head = "iglu:com.acme/", tail = "/jsonschema/1-0-0";
        return head + std::string(size - head.size() - tail.size(), 'e') + tail;
    };
    CHECK_FALSE(table.find("").has_value());
    std::vector<const Schema*> met;
    for (std::size_t size = 60; size < 400; ++size) met.push_back(table.find(uri(size)).value());
    for (std::size_t size = 60; size < 400; ++size) {
        CAPTURE(size);
        const Schema* const schema = table.find(uri(size)).value();
        CHECK(schema == met[size - 60]);
        CHECK(schema->uri == uri(size));
        CHECK(schema->key.to_uri() == uri(size));
    }
    CHECK_FALSE(table.find("").has_value());
    const std::string wrong = uri(200) + "/";
    for (int times = 0; times < 2; ++times) {
        REQUIRE_FALSE(table.find(wrong).has_value());
        CHECK(table.find(wrong).error() == model::ParseErrorCode::kInvalidIgluUri);
    }
}

TEST_CASE_METHOD(Fixture, "a failure is asked for each time, it may be preliminary") {
    const std::string uri = "iglu:com.acme/absent/jsonschema/1-0-0";
    for (int times = 0; times < 3; ++times) {
        const auto checked = check(uri, "{}");
        REQUIRE_FALSE(checked.has_value());
        CHECK(std::holds_alternative<iglu::ResolutionError>(checked.error().error));
    }
    CHECK(source.asked == 3);
}

TEST_CASE_METHOD(Fixture, "a superseded schema's entity says by which") {
    for (int times = 0; times < 2; ++times) {
        const auto checked = check("iglu:com.acme/old/jsonschema/1-0-0", R"({"n":1})");
        REQUIRE(checked.has_value());
        CHECK(checked->superseded_by == model::SchemaVer{1, 0, 7});
        CHECK(checked->entity.schema->uri == "iglu:com.acme/old/jsonschema/1-0-7");
    }
}

TEST_CASE_METHOD(Fixture, "a text that is no Iglu URI stays none") {
    for (int times = 0; times < 2; ++times) {
        CHECK(table.find("iglu:com.acme/event/jsonschema/1-0-99999999999").error() ==
              model::ParseErrorCode::kInvalidSchemaVer);
        CHECK(table.find("").error() == model::ParseErrorCode::kInvalidIgluUri);
    }
}

TEST_CASE_METHOD(Fixture, "strangers' URIs do not fill the memory") {
    for (int i = 0; i < 30'000; ++i) {
        REQUIRE(table.find(uri_of(i)).value()->uri == uri_of(i));
        table.trim();
    }
    table.forget();
    CHECK(check(uri_of(7), R"({"n":1})").has_value());
}

}  // namespace snowline::enricher
