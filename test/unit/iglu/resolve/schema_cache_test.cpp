#include "iglu/resolve/schema_cache.h"

#include "iglu/resolve/schema_view.h"
#include "test/support/memory_registry.h"

#include <thread>

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

using test::MemoryRegistry;
using test::outage;

using enum SchemaView::Answers;

constexpr const char* kAnySchema = R"({"type":"object"})";

model::SchemaKey key(int addition) {
    return *model::SchemaKey::parse("iglu:com.acme/event/jsonschema/1-0-" +
                                    std::to_string(addition));
}

// One registry for com.acme that has 1-0-0 … 1-0-9, and a clock that the test moves.
struct Fixture {
    explicit Fixture(CacheSettings settings = {})
        : registry(new MemoryRegistry("acme", {"com.acme"})),
          resolver(owned(registry), [this] { return now; }),
          cache(resolver, settings),
          loader(cache, {.concurrent_max = 0}) {
        for (int i = 0; i < 10; ++i) registry->put(key(i).to_uri(), kAnySchema);
    }
    static std::vector<std::unique_ptr<Registry>> owned(Registry* registry) {
        std::vector<std::unique_ptr<Registry>> all;
        all.emplace_back(registry);
        return all;
    }

    std::int64_t now = 1'000'000;
    MemoryRegistry* registry;
    Resolver resolver;
    SchemaCache cache;
    SchemaLoader loader;  // the view itself waits
};

bool is_resolved(const Lookup& lookup) {
    return std::holds_alternative<ResolvedSchema>(lookup);
}
bool is_resolved(const Lookup* known) {
    return known != nullptr && is_resolved(*known);
}

}  // namespace

TEST_CASE("a schema is asked for once, and again when its time is over") {
    Fixture fixture({.ttl_ms = 1'000});
    CHECK(fixture.cache.get(key(0))->is_found());
    fixture.now += 1'000;
    fixture.cache.get(key(0));
    CHECK(fixture.registry->asked == 1);
    fixture.now += 1;
    fixture.cache.get(key(0));
    CHECK(fixture.registry->asked == 2);
}

TEST_CASE("a stale schema is kept while it cannot be asked for") {
    Fixture fixture({.ttl_ms = 1'000});
    fixture.cache.get(key(0));
    fixture.registry->failure = outage();
    fixture.now += 1'001;
    CHECK(fixture.cache.get(key(0))->is_found());
    CHECK(fixture.registry->asked == 2);
    fixture.cache.get(key(0));  // its time was renewed: the registry is not hammered
    CHECK(fixture.registry->asked == 2);
}

TEST_CASE("what is not found is remembered until its time is over") {
    Fixture fixture({.ttl_ms = 1'000});
    CHECK_FALSE(fixture.cache.get(key(11))->is_found());
    fixture.cache.get(key(11));
    CHECK(fixture.registry->asked == 1);
    fixture.registry->put(key(11).to_uri(), kAnySchema);
    fixture.now += 1'001;
    CHECK(fixture.cache.get(key(11))->is_found());
}

TEST_CASE("without a time to live, what was not found is found ten minutes after it is published") {
    Fixture fixture;
    fixture.cache.get(key(11));
    fixture.registry->put(key(11).to_uri(), kAnySchema);
    fixture.now += 600'000;
    CHECK_FALSE(fixture.cache.get(key(11))->is_found());
    fixture.now += 1;
    CHECK(fixture.cache.get(key(11))->is_found());
}

TEST_CASE("the least recently used schema leaves first") {
    Fixture fixture({.schemas_max = 2});
    fixture.cache.get(key(0));
    fixture.now += 1;
    fixture.cache.get(key(1));
    fixture.now += 1;
    fixture.cache.get(key(0));
    fixture.now += 1;
    fixture.cache.get(key(2));
    CHECK(fixture.cache.peek(key(0)) != nullptr);
    CHECK(fixture.cache.peek(key(1)) == nullptr);
    CHECK(fixture.cache.peek(key(2)) != nullptr);
}

TEST_CASE("a cache without room or without time keeps nothing") {
    const CacheSettings settings =
        GENERATE(CacheSettings{.schemas_max = 0}, CacheSettings{.ttl_ms = 0});
    Fixture fixture(settings);
    CHECK(fixture.cache.get(key(0))->is_found());
    CHECK(fixture.cache.get(key(0))->is_found());
    CHECK(fixture.registry->asked == 2);
}

TEST_CASE("many threads that want one schema ask for it once") {
    Fixture fixture;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { fixture.cache.get(key(0)); });
    for (std::thread& thread : threads) thread.join();
    CHECK(fixture.registry->asked == 1);
}

TEST_CASE("only what was used is refreshed, and nobody waits for it") {
    Fixture fixture({.ttl_ms = 1'000});
    SchemaView view(fixture.loader);
    view.find(key(0));
    REQUIRE(view.ask() == kAll);
    fixture.cache.get(key(1));
    fixture.now += 500;
    view.refresh();
    view.find(key(0));
    fixture.now += 501;
    CHECK(fixture.cache.refresh() == 1);
    CHECK(fixture.registry->asked == 3);
}

TEST_CASE("a view notes what it misses, and knows it once it is loaded") {
    Fixture fixture;
    SchemaView view(fixture.loader);
    CHECK(view.find(key(0)) == nullptr);
    view.find(key(0));
    CHECK(view.missing() == std::vector{key(0)});
    CHECK(view.ask() == kAll);
    CHECK_FALSE(view.is_missing());
    CHECK(is_resolved(view.find(key(0))));
}

TEST_CASE("a view takes over what the cache has refreshed, between batches") {
    Fixture fixture({.ttl_ms = 1'000});
    SchemaView view(fixture.loader);
    view.find(key(11));
    REQUIRE(view.ask() == kAll);
    CHECK_FALSE(is_resolved(view.find(key(11))));
    fixture.registry->put(key(11).to_uri(), kAnySchema);
    fixture.now += 1'001;
    view.refresh();
    view.find(key(11));
    fixture.cache.refresh();
    CHECK_FALSE(is_resolved(view.find(key(11))));
    view.refresh();
    CHECK(is_resolved(view.find(key(11))));
}

TEST_CASE("a view waits while the vendor's registry is out, for a bounded time") {
    Fixture fixture({.outage_wait_ms = 10'000});
    fixture.registry->failure = outage();
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(view.ask() == kOut);
    SECTION("the registry comes back") {
        fixture.registry->failure.reset();
        fixture.now += 600;
        CHECK(view.ask() == kAll);
        CHECK(is_resolved(view.find(key(0))));
    }
    SECTION("the time is over") {
        fixture.now += 10'000;
        CHECK(view.ask() == kAll);
        CHECK_FALSE(is_resolved(view.find(key(0))));
        view.find(key(1));  // the next key does not wait from the start
        CHECK(view.ask() == kAll);
    }
}

TEST_CASE("a registry that hangs makes workers wait once, and then the refresher") {
    Fixture fixture({.outage_wait_ms = 60'000});
    fixture.cache.has_refresher();
    fixture.registry->failure = outage();
    fixture.registry->when_asked = [&] { fixture.now += 5'000; };
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(view.ask() == kOut);
    CHECK(fixture.registry->asked == 1);
    view.forget_missing();
    for (int i = 0; i < 5; ++i) {  // the same key, and others that nobody knows
        view.find(key(i));
        CHECK(view.ask() == kOut);
        view.forget_missing();
    }
    CHECK(fixture.registry->asked == 1);

    SECTION("the refresher finds that it is back") {
        fixture.registry->failure.reset();
        fixture.registry->when_asked = nullptr;
        fixture.now += 600;
        for (int i = 0; i < 5; ++i) view.find(key(i));  // they come again
        CHECK(view.ask() == kOut);
        CHECK(fixture.cache.refresh() == 5);
        for (int i = 0; i < 5; ++i) view.find(key(i));
        CHECK(view.ask() == kAll);
        CHECK(is_resolved(view.find(key(0))));
        view.find(key(6));
        CHECK(view.ask() == kAll);
    }
    SECTION("if nobody asked, a worker does, after ten seconds") {
        fixture.now += 10'000;
        view.find(key(7));
        CHECK(view.ask() == kOut);
        CHECK(fixture.registry->asked == 2);
    }
}

TEST_CASE("a record's schemas outlast a cache that is too small for them") {
    Fixture fixture({.schemas_max = 1});
    SchemaView view(fixture.loader);
    for (int i = 0; i < 3; ++i) view.find(key(i));
    REQUIRE(view.ask() == kAll);
    for (int i = 0; i < 3; ++i) CHECK(is_resolved(view.find(key(i))));
}

}  // namespace snowline::iglu
