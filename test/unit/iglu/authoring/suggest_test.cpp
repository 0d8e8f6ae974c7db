#include "iglu/authoring/suggest.h"

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

model::SchemaKey key(const std::string& rest) {
    return *model::SchemaKey::parse("iglu:" + rest);
}

}  // namespace

TEST_CASE("the nearest version of the same schema is meant first, then names that differ little") {
    const std::vector<model::SchemaKey> known = {
        key("com.acme/checkout/jsonschema/1-0-0"), key("com.acme/checkout/jsonschema/1-0-4"),
        key("com.acme/chekout/jsonschema/1-0-5"), key("com.acme/search/jsonschema/1-0-5")};
    CHECK(suggest(key("com.acme/checkout/jsonschema/1-0-5"), known) ==
          std::vector{known[1], known[0], known[2]});
}

TEST_CASE("nothing is suggested where nothing is like it") {
    const std::vector<model::SchemaKey> known = {key("com.acme/checkout/jsonschema/1-0-0")};
    CHECK(suggest(key("org.other/thing/jsonschema/1-0-0"), known).empty());
}

}  // namespace snowline::iglu
