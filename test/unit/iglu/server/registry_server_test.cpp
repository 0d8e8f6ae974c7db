// The parts of the registry's server that are functions; the server itself is replayed by
// test/integration/test_registry_server.py.

#include "iglu/server/permission.h"
#include "iglu/server/publication_order.h"
#include "iglu/server/store.h"
#include "iglu/server/target.h"

#include <catch2/catch.hpp>

using namespace snowline::iglu;
using namespace snowline::iglu::server;
namespace model = snowline::model;

namespace {

std::vector<PublishedVersion> published(std::initializer_list<model::SchemaVer> versions,
                                        Access access = Access::kPublic) {
    std::vector<PublishedVersion> out;
    for (const model::SchemaVer& version : versions) out.push_back({version, access});
    return out;
}

bool may_follow(model::SchemaVer wanted, std::initializer_list<model::SchemaVer> versions,
                Patches patches = Patches::kRefused) {
    return !publication_refusal({wanted, Access::kPublic, {}}, published(versions), patches);
}

StoredSchema stored(std::string name, model::SchemaVer version,
                    std::vector<model::SchemaVer> supersedes = {}) {
    return {.key = {"com.acme", std::move(name), "jsonschema", version},
            .supersedes = std::move(supersedes)};
}

}  // namespace

TEST_CASE("Versions are published one after the other") {
    CHECK(may_follow({1, 0, 0}, {}));
    CHECK_FALSE(may_follow({1, 0, 1}, {}));
    CHECK_FALSE(may_follow({2, 0, 0}, {}));
    CHECK(may_follow({1, 0, 1}, {{1, 0, 0}}));
    CHECK_FALSE(may_follow({1, 0, 2}, {{1, 0, 0}}));
    CHECK(may_follow({1, 1, 0}, {{1, 0, 0}}));
    CHECK_FALSE(may_follow({1, 2, 0}, {{1, 0, 0}}));
    CHECK(may_follow({2, 0, 0}, {{1, 0, 0}, {1, 1, 0}}));
    CHECK_FALSE(may_follow({3, 0, 0}, {{1, 0, 0}}));
    CHECK_FALSE(may_follow({1, 0, 1}, {{1, 0, 0}, {1, 1, 0}}));  // a later revision closed it
    CHECK(may_follow({1, 0, 1}, {{1, 0, 0}, {2, 0, 0}}));        // a later model did not
    CHECK_FALSE(may_follow({1, 0, 0}, {{1, 0, 0}}));
    CHECK(may_follow({1, 0, 0}, {{1, 0, 0}}, Patches::kAllowed));
}

TEST_CASE("All versions of a schema are public, or all are private") {
    const auto refusal = [](Access wanted, Access before) {
        return publication_refusal({{1, 0, 1}, wanted, {}}, published({{1, 0, 0}}, before),
                                   Patches::kRefused);
    };
    CHECK_FALSE(refusal(Access::kPublic, Access::kPublic));
    CHECK_FALSE(refusal(Access::kPrivate, Access::kPrivate));
    CHECK(refusal(Access::kPublic, Access::kPrivate) ==
          "Inconsistent schema availability. Cannot add public schema, previous versions are "
          "private");
    CHECK(refusal(Access::kPrivate, Access::kPublic));
}

TEST_CASE("What is superseded is there, is older, and is named once") {
    const auto refusal = [](std::vector<model::SchemaVer> supersedes) {
        return publication_refusal({{1, 0, 2}, Access::kPublic, std::move(supersedes)},
                                   published({{1, 0, 0}, {1, 0, 1}, {2, 0, 0}}), Patches::kRefused);
    };
    CHECK_FALSE(refusal({{1, 0, 0}, {1, 0, 1}}));
    CHECK(refusal({{1, 0, 0}, {1, 0, 0}}) == "Superseded schema version(s) do not exist");
    CHECK(refusal({{1, 0, 7}}) == "Superseded schema version(s) do not exist");
    CHECK(refusal({{2, 0, 0}}) ==
          "Superseded schema version(s) must be below the superseding version");
}

TEST_CASE("A list is in the order of publication, the versions of a series in that of numbers") {
    std::vector<StoredSchema> schemas{stored("b", {1, 0, 2}),
                                      stored("a", {1, 0, 0}),
                                      stored("b", {1, 0, 10}),
                                      stored("b", {1, 0, 9}),
                                      stored("a", {1, 0, 1}, {{1, 0, 0}}),
                                      stored("a", {1, 0, 2}, {{1, 0, 1}})};
    settle(schemas);
    std::vector<std::string> order;
    for (const auto& schema : schemas)
        order.push_back(schema.key.name + schema.key.version.to_string());
    CHECK(order ==
          std::vector<std::string>{"b1-0-2", "a1-0-0", "b1-0-9", "b1-0-10", "a1-0-1", "a1-0-2"});
    CHECK(schemas[1].superseded_by == model::SchemaVer{1, 0, 2});  // the chain collapses
    CHECK(schemas[4].superseded_by == model::SchemaVer{1, 0, 2});
    CHECK_FALSE(schemas[5].superseded_by);
}

TEST_CASE("A key's prefix is one of whole parts") {
    const auto covers = [](const char* prefix, const char* vendor) {
        return permission_for(prefix, Right::kRead).covers(vendor);
    };
    CHECK(covers("com.acme", "com.acme"));
    CHECK(covers("com.acme", "com.acme.shop"));
    CHECK(covers("com.acme.", "com.acme"));
    CHECK_FALSE(covers("com.acme", "com.acmecorp"));
    CHECK_FALSE(covers("com.acme", "com"));
    CHECK_FALSE(covers("com.acme", "COM.acme"));
    CHECK(covers("*", "org.other"));
    CHECK(covers("  ", "org.other"));
    CHECK_FALSE(covers("com.*", "com.acme"));
    CHECK_FALSE(Permission{}.may_read(""));
}

TEST_CASE("An integer in a path is one of 32 bits, with a sign or zeros before it") {
    CHECK(integer_part("7") == 7);
    CHECK(integer_part("007") == 7);
    CHECK(integer_part("+7") == 7);
    CHECK(integer_part("-7") == -7);
    CHECK(integer_part("2147483647") == 2147483647);
    for (const char* bad : {"", "+", "-", "+-7", "--7", "7 ", "0x7", "7.0", "2147483648", "1-0-0"})
        CHECK_FALSE(integer_part(bad));
}

TEST_CASE("A target is decoded, or refused") {
    const auto target = Target::parse("/api/schemas/com%2Eacme/a%2Fb?repr=me%74a&x&repr=uri#part");
    REQUIRE(target);
    CHECK(target->segments == std::vector<std::string>{"api", "schemas", "com.acme", "a/b"});
    CHECK(target->parameter("repr") == "meta");
    CHECK_FALSE(target->parameter("x"));
    CHECK(Target::parse("http://host:1/api/meta")->segments ==
          std::vector<std::string>{"api", "meta"});
    CHECK(Target::parse("*")->segments == std::vector<std::string>{"*"});
    for (const char* bad : {"/%", "/%z1", "/%2", "/a b", "/caf\xc3\xa9", "/?a=%", "/?%zz"})
        CHECK_FALSE(Target::parse(bad));
    CHECK_FALSE(Target::parse("/" + std::string(9000, 'a')));
}
