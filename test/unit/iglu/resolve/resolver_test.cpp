#include "iglu/resolve/resolver.h"

#include "test/support/memory_registry.h"

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

using test::MemoryRegistry;
using test::outage;

const model::SchemaKey kKey = *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-0");
constexpr const char* kAnySchema = R"({"type":"object"})";

// A resolver over registries that the test keeps hold of, and a clock that it moves.
struct Fixture {
    MemoryRegistry* add(std::string name, std::vector<std::string> prefixes = {},
                        RegistryClass kind = RegistryClass::kHttp, int priority = 0) {
        registries.push_back(
            std::make_unique<MemoryRegistry>(std::move(name), std::move(prefixes), kind, priority));
        return static_cast<MemoryRegistry*>(registries.back().get());
    }
    Resolver& resolver() {
        if (!made) made = std::make_unique<Resolver>(std::move(registries), [this] { return now; });
        return *made;
    }
    std::vector<std::unique_ptr<Registry>> registries;
    std::unique_ptr<Resolver> made;
    std::int64_t now = 1'000'000;
};

std::string asked_order(Resolver& resolver, std::string_view vendor) {
    std::string names;
    for (const Registry* registry : resolver.order_for(vendor)) {
        names += registry->profile().name + " ";
    }
    return names;
}

const ResolutionError& error_of(const Asked& asked) {
    return std::get<ResolutionError>(asked.lookup);
}

}  // namespace

TEST_CASE("a matching prefix comes before what is near, what is near before priority") {
    Fixture fixture;
    fixture.add("http 9", {}, RegistryClass::kHttp, 9);
    fixture.add("http 1", {}, RegistryClass::kHttp, 1);
    fixture.add("embedded", {}, RegistryClass::kEmbedded, 50);
    fixture.add("acme", {"com.acme"}, RegistryClass::kHttp, 99);
    fixture.add("memory", {}, RegistryClass::kInMemory, 99);
    CHECK(asked_order(fixture.resolver(), "com.acmecorp") == "acme memory embedded http 1 http 9 ");
    CHECK(asked_order(fixture.resolver(), "org.other") == "memory embedded http 1 http 9 acme ");
}

TEST_CASE("the first registry that has a schema wins, and the others are not asked") {
    Fixture fixture;
    fixture.add("empty");
    auto* second = fixture.add("second");
    auto* third = fixture.add("third");
    second->put(kKey.to_uri(), kAnySchema);
    third->put(kKey.to_uri(), kAnySchema);
    const Asked asked = fixture.resolver().ask(kKey);
    CHECK(asked.registry == "second");
    CHECK(std::holds_alternative<ResolvedSchema>(asked.lookup));
    CHECK(third->asked == 0);
}

TEST_CASE("an error of one registry does not keep the next from being asked") {
    Fixture fixture;
    fixture.add("broken")->failure = outage("Unexpected server response: no");
    fixture.add("good")->put(kKey.to_uri(), kAnySchema);
    CHECK(fixture.resolver().ask(kKey).registry == "good");
}

TEST_CASE("the history of a failure is sorted by name and counts attempts") {
    Fixture fixture;
    fixture.add("b")->failure = outage("first");
    fixture.add("a");
    auto& resolver = fixture.resolver();
    const Asked first = resolver.ask(kKey);
    REQUIRE(error_of(first).history.size() == 2);
    CHECK(error_of(first).history[0].repository == "a");
    CHECK(error_of(first).history[0].errors == std::vector{not_found()});
    CHECK(error_of(first).history[1].errors == std::vector{outage("first")});

    fixture.now += 60'001;
    const Asked second = resolver.ask(kKey, first.history);
    CHECK(error_of(second).history[0].attempts == 1);  // `not found` is final
    CHECK(error_of(second).history[0].last_attempt_ms == 1'000'000);
    CHECK(error_of(second).history[1].attempts == 2);
    CHECK(error_of(second).history[1].last_attempt_ms == fixture.now);
}

TEST_CASE("a failed registry is left alone for a while that grows") {
    CHECK(retry_delay_ms(1) == 504);
    CHECK(retry_delay_ms(7) == 16'884);
    CHECK(retry_delay_ms(8) == 60'000);
    CHECK(retry_delay_ms(9) == 20'183);
    CHECK(retry_delay_ms(13) == 13'692);
    CHECK(retry_delay_ms(30) == 60'000);
    Fixture fixture;
    auto* registry = fixture.add("r");
    registry->failure = outage();
    auto& resolver = fixture.resolver();
    const Asked first = resolver.ask(kKey);
    fixture.now += 504;
    CHECK_FALSE(resolver.is_due(kKey, first.history));
    resolver.ask(kKey, first.history);
    CHECK(registry->asked == 1);
    fixture.now += 1;
    CHECK(resolver.is_due(kKey, first.history));
}

TEST_CASE("an outage is worth waiting for only where the registry is for the vendor") {
    Fixture fixture;
    auto* registry = fixture.add("acme", {"com.acme"});
    registry->failure = outage();
    auto& resolver = fixture.resolver();
    const model::SchemaKey stranger =
        *model::SchemaKey::parse("iglu:org.stranger/event/jsonschema/1-0-0");
    const Asked ours = resolver.ask(kKey);
    const Asked theirs = resolver.ask(stranger);
    CHECK(resolver.is_worth_waiting(kKey, ours.history, 1'000));
    CHECK_FALSE(resolver.is_worth_waiting(stranger, theirs.history, 1'000));
    fixture.now += 1'000;
    CHECK_FALSE(resolver.is_worth_waiting(kKey, ours.history, 1'000));
}

TEST_CASE("an outage is worth waiting for where the registry gave a schema of the vendor before") {
    Fixture fixture;
    auto* registry = fixture.add("r");
    registry->put(kKey.to_uri(), kAnySchema);
    auto& resolver = fixture.resolver();
    resolver.ask(kKey);
    registry->failure = outage();
    const model::SchemaKey sister =
        *model::SchemaKey::parse("iglu:com.acme/other/jsonschema/1-0-0");
    CHECK(resolver.is_worth_waiting(sister, resolver.ask(sister).history, 1'000));
}

TEST_CASE("an answer is no outage") {
    Fixture fixture;
    fixture.add("acme", {"com.acme"})->failure = client_failure("Unexpected response code: 401");
    auto& resolver = fixture.resolver();
    CHECK_FALSE(resolver.is_worth_waiting(kKey, resolver.ask(kKey).history, 1'000));
}

TEST_CASE("waiting ends though the registry answers for all keys but one") {
    Fixture fixture;
    auto* registry = fixture.add("acme", {"com.acme"});
    auto& resolver = fixture.resolver();
    const model::SchemaKey other = *model::SchemaKey::parse("iglu:com.acme/other/jsonschema/1-0-0");
    registry->failure = outage();
    Asked asked = resolver.ask(kKey);
    for (int i = 0; i < 3; ++i) {
        registry->failure.reset();
        resolver.ask(other);
        registry->failure = outage();
        fixture.now += 60'001;
        asked = resolver.ask(kKey, asked.history);
    }
    CHECK_FALSE(resolver.is_worth_waiting(kKey, asked.history, 150'000));
}

TEST_CASE("a schema that cannot be read is the registry's fault, not the event's") {
    Fixture fixture;
    fixture.add("r")->put(kKey.to_uri(), "<html>");
    const Asked asked = fixture.resolver().ask(kKey);
    const RegistryFailure& failure = error_of(asked).history[0].errors[0];
    CHECK(failure.kind == RegistryFailure::Kind::kClientFailure);
    CHECK(failure.message.starts_with("Could not decode server response. "));
    CHECK_FALSE(failure.outage);
}

TEST_CASE("a schema of another key is refused, and the next registry is asked") {
    const auto with_self = [](const std::string& self) {
        return R"({"self":{"vendor":"com.acme","name":"event","format":"jsonschema",)" + self +
               R"("type":"object"})";
    };
    Fixture fixture;
    auto* wrong = fixture.add("wrong");
    wrong->put(kKey.to_uri(), with_self(R"("version":"1-0-1"},)"));
    SECTION("another one has it") {
        fixture.add("right")->put(kKey.to_uri(), with_self(R"("version":"1-0-0"},)"));
        const Asked asked = fixture.resolver().ask(kKey);
        CHECK(asked.registry == "right");
        REQUIRE(asked.history.size() == 1);
        CHECK(asked.history[0].errors ==
              std::vector{client_failure("Schema of another key: asked for "
                                         "com.acme/event/jsonschema/1-0-0, its self is "
                                         "com.acme/event/jsonschema/1-0-1")});
    }
    SECTION("none has it") {
        CHECK(error_of(fixture.resolver().ask(kKey)).history.size() == 1);
    }
    SECTION("it is a successor") {
        wrong->put(kKey.to_uri(), R"({"$supersededBy":"1-0-2","type":"object"})");
        wrong->put("iglu:com.acme/event/jsonschema/1-0-2", with_self(R"("version":"1-0-3"},)"));
        CHECK(error_of(fixture.resolver().ask(kKey)).history.size() == 1);
    }
    SECTION("what self does not say is not compared") {
        wrong->put(kKey.to_uri(), R"({"self":{"name":"event"},"type":"object"})");
        CHECK(fixture.resolver().ask(kKey).registry == "wrong");
    }
}

TEST_CASE("a superseded schema is replaced by its successor from the same registry") {
    Fixture fixture;
    auto* registry = fixture.add("r");
    registry->put(kKey.to_uri(), R"({"type":"object","$supersededBy":"1-0-2"})");
    SECTION("which is there") {
        registry->put("iglu:com.acme/event/jsonschema/1-0-2", kAnySchema);
        const Asked asked = fixture.resolver().ask(kKey);
        CHECK(std::get<ResolvedSchema>(asked.lookup).superseded_by == model::SchemaVer{1, 0, 2});
    }
    SECTION("which is missing") {
        const Asked asked = fixture.resolver().ask(kKey);
        CHECK(error_of(asked).history[0].errors == std::vector{not_found()});
    }
}

}  // namespace snowline::iglu
