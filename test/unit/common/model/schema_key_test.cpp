#include "common/model/schema_key.h"

#include <catch2/catch.hpp>

namespace snowline::iglu {

TEST_CASE("a key gives the URI and the path that it was read from") {
    const auto key = model::SchemaKey::parse("iglu:com.acme/my-event_2/jsonschema/1-0-12");
    REQUIRE(key);
    CHECK(key->vendor == "com.acme");
    CHECK(key->version == model::SchemaVer{.model = 1, .revision = 0, .addition = 12});
    CHECK(key->to_uri() == "iglu:com.acme/my-event_2/jsonschema/1-0-12");
    CHECK(model::SchemaKey::parse_path(key->to_path()) == *key);
}

TEST_CASE("a text that is no URI and a version that is none are told apart") {
    const auto code = [](std::string_view uri) {
        return name_of(model::SchemaKey::parse(uri).error());
    };
    CHECK(code("iglu:com.acme/event/jsonschema/1-0") == "INVALID_IGLUURI");
    CHECK(code("iglu:com.acme/ev.ent/jsonschema/1-0-0") == "INVALID_IGLUURI");
    CHECK(code("iglu:com.acme/event/jsonschema/0-1-0") == "INVALID_SCHEMAVER");
    CHECK(code("iglu:com.acme/event/jsonschema/--") == "INVALID_SCHEMAVER");
    CHECK(code("iglu:com.acme/event/jsonschema/1-0-4294967296") == "INVALID_SCHEMAVER");
}

TEST_CASE("a URI beyond the limit is none") {
    const std::string vendor(model::kUriBytesMax, 'a');
    CHECK(model::SchemaKey::parse("iglu:" + vendor + "/b/c/1-0-0").error() ==
          model::ParseErrorCode::kInvalidIgluUri);
}

TEST_CASE("versions are ordered as numbers") {
    CHECK(*model::SchemaVer::parse("1-0-9") < *model::SchemaVer::parse("1-0-10"));
    CHECK(*model::SchemaVer::parse("1-9-9") < *model::SchemaVer::parse("1-10-0"));
}

TEST_CASE("a criterion asks for each number that it gives") {
    const auto key = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-2-3");
    CHECK(model::SchemaCriterion::parse("iglu:com.acme/event/jsonschema/1-*-3")->matches(key));
    CHECK_FALSE(
        model::SchemaCriterion::parse("iglu:com.acme/event/jsonschema/1-*-4")->matches(key));
    CHECK_FALSE(
        model::SchemaCriterion::parse("iglu:com.acme/other/jsonschema/*-*-*")->matches(key));
}

}  // namespace snowline::iglu
