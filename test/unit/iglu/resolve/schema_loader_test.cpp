// What unknown keys may cost, and that others do not wait for them.
#include "iglu/resolve/schema_loader.h"

#include "iglu/resolve/schema_view.h"
#include "test/support/gate.h"
#include "test/support/memory_registry.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::iglu {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::Gate;
using test::MemoryRegistry;
using enum SchemaView::Answers;

model::SchemaKey key(int addition, const std::string& vendor = "com.acme") {
    return *model::SchemaKey::parse("iglu:" + vendor + "/event/jsonschema/1-0-" +
                                    std::to_string(addition));
}

// One registry, which is for com.acme and has 1-0-0 … 1-0-99 of it; and a clock that the test
// moves.
struct Fixture {
    explicit Fixture(LoaderSettings settings)
        : registry(new MemoryRegistry("acme", {"com.acme"})),
          resolver(owned(registry), [this] { return now.load(); }),
          cache(resolver, {.schemas_max = 10'000}),
          loader(cache, settings) {
        for (int i = 0; i < 100; ++i) registry->put(key(i).to_uri(), R"({"type":"object"})");
    }
    static std::vector<std::unique_ptr<Registry>> owned(Registry* registry) {
        std::vector<std::unique_ptr<Registry>> all;
        all.emplace_back(registry);
        return all;
    }

    std::atomic<std::int64_t> now = 1'000'000;
    MemoryRegistry* registry;
    Resolver resolver;
    SchemaCache cache;
    SchemaLoader loader;
};

const LookupHistory& told(const Lookup* lookup) {
    REQUIRE(lookup != nullptr);
    return std::get<ResolutionError>(*lookup).history.at(0);
}

}  // namespace

TEST_CASE("keys are looked up several at a time, and each of them once") {
    Gate gate;
    Fixture fixture({.concurrent_max = 4});
    fixture.registry->when_asked = [&] { gate.pass(); };
    std::vector<SchemaLoader::Ticket> tickets;
    for (int i = 0; i < 6; ++i) tickets.push_back(fixture.loader.request(key(i)));
    CHECK(comes_true([&] { return gate.waiting() == 4; }));
    CHECK(fixture.loader.request(key(0)) == tickets[0]);
    CHECK(fixture.loader.request(key(5)) == tickets[5]);
    CHECK_FALSE(tickets[5]->has_begun());
    gate.open();
    for (const auto& ticket : tickets) {
        CHECK(comes_true([&] { return ticket->has_landed(); }));
        CHECK(ticket->entry()->is_found());
    }
    CHECK(fixture.registry->asked == 6);
}

TEST_CASE("a vendor's unknown keys share a budget a second, and others pass them") {
    Fixture fixture({.concurrent_max = 1, .unknown_a_second = 3});
    std::vector<SchemaLoader::Ticket> strangers;
    for (int i = 0; i < 10; ++i)
        strangers.push_back(fixture.loader.request(key(i, "org.stranger")));
    CHECK(comes_true([&] { return strangers[2]->has_landed(); }));
    const auto other = fixture.loader.request(key(0, "org.other"));
    const auto ours = fixture.loader.request(key(0));
    CHECK(comes_true([&] { return other->has_landed() && ours->has_landed(); }));
    CHECK(fixture.registry->asked == 3 + 2);
    CHECK(fixture.loader.may_refuse("org.other"));  // nobody is for it
    CHECK_FALSE(fixture.loader.may_refuse("com.acme"));
    fixture.now += 1'000;
    CHECK(comes_true([&] { return strangers[5]->has_landed(); }));
    CHECK_FALSE(strangers[6]->has_begun());
    CHECK(fixture.registry->asked == 6 + 2);
}

TEST_CASE(
    "keys that are found cost nothing of their vendor's budget; a registry that is out does not "
    "either") {
    Fixture fixture({.concurrent_max = 1, .unknown_a_second = 3});
    std::vector<SchemaLoader::Ticket> tickets;
    for (int i = 0; i < 50; ++i) tickets.push_back(fixture.loader.request(key(i)));
    CHECK(comes_true([&] { return tickets.back()->has_landed(); }));
    fixture.registry->failure = test::outage();
    for (int i = 50; i < 60; ++i) tickets.push_back(fixture.loader.request(key(i)));
    CHECK(comes_true([&] { return tickets.back()->has_landed(); }));
    CHECK_FALSE(fixture.loader.may_refuse("com.acme"));
}

TEST_CASE("what nobody waits for any more is not looked up") {
    Gate gate;
    Fixture fixture({.concurrent_max = 1});
    fixture.registry->when_asked = [&] { gate.pass(); };
    const auto first = fixture.loader.request(key(0));
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    for (int i = 1; i < 10; ++i) fixture.loader.request(key(i));
    const auto last = fixture.loader.request(key(10));
    gate.open();
    CHECK(comes_true([&] { return last->has_landed(); }));
    CHECK(fixture.registry->asked == 2);
}

TEST_CASE("a record gets so many unknown keys looked up, and any number of others") {
    Fixture fixture({.concurrent_max = 0, .unknown_a_record = 3});
    SchemaView view(fixture.loader);
    for (int i = 0; i < 50; ++i) view.find(key(i));
    CHECK(view.ask() == kAll);
    for (int i = 100; i < 120; ++i) view.find(key(i));
    CHECK(view.ask() == kAll);
    CHECK(fixture.registry->asked == 50 + 3);
    int refused = 0;
    for (int i = 100; i < 120; ++i) {
        const auto& history = told(view.find(key(i)));
        CHECK(history.repository == "acme");
        refused += history.errors == std::vector{client_failure(
                                         "Not asked: too many unknown schemas in one request")}
                       ? 1
                       : 0;
    }
    CHECK(refused == 17);
    for (int i = 0; i < 50; ++i) {
        CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(i))));
    }

    // Nothing of this is true for the next record, nor for other workers.
    view.forget_missing();
    SchemaView other(fixture.loader);
    for (int i = 100; i < 120; ++i) {
        view.find(key(i));
        other.find(key(i));
    }
    CHECK(view.missing().size() == 17);
    CHECK(view.ask() == kAll);
    CHECK(other.ask() == kAll);
}

TEST_CASE(
    "when a record's time is over, what has not begun is refused to strangers, not to others") {
    Gate gate;
    Fixture fixture({.concurrent_max = 1, .record_time = 5s});
    fixture.registry->when_asked = [&] { gate.pass(); };
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(view.ask() == kUnderWay);
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    view.find(key(1));
    view.find(key(0, "org.stranger"));
    CHECK(view.ask() == kUnderWay);
    fixture.now += 5'000;
    CHECK(view.ask() == kUnderWay);
    CHECK(view.missing().size() == 2);
    CHECK(told(view.find(key(0, "org.stranger"))).errors ==
          std::vector{client_failure("Not asked: too many unknown schemas at a time")});
    gate.open();
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(1))));
    CHECK(fixture.registry->asked == 2);
}

TEST_CASE("a record that is put aside has its own questions, answers and budget") {
    Fixture fixture({.concurrent_max = 0, .unknown_a_record = 1});
    SchemaView view(fixture.loader);
    view.find(key(100));
    view.find(key(101));
    CHECK(view.ask() == kAll);
    MissingSchemas aside = view.put_aside();
    CHECK_FALSE(view.is_missing());
    view.find(key(102));
    CHECK(view.ask() == kAll);
    CHECK(fixture.registry->asked == 2);
    view.take_up(std::move(aside));
    view.find(key(103));
    CHECK(view.ask() == kAll);
    CHECK(fixture.registry->asked == 2);
    CHECK(view.find(key(100)) != nullptr);
    CHECK(view.find(key(101)) != nullptr);
}

TEST_CASE("what is near is known even to a record that has used up its budget") {
    std::vector<std::unique_ptr<Registry>> registries;
    auto* near = new MemoryRegistry("near", {}, RegistryClass::kEmbedded);
    near->put(key(0).to_uri(), R"({"type":"object"})");
    registries.emplace_back(near);
    registries.push_back(std::make_unique<MemoryRegistry>("far"));
    Resolver resolver(std::move(registries));
    SchemaCache cache(resolver, {});
    SchemaLoader loader(cache, {.concurrent_max = 0, .unknown_a_record = 1});
    SchemaView view(loader);
    view.find(key(1));
    CHECK(view.ask() == kAll);
    view.find(key(0));
    CHECK(view.ask() == kAll);
    CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(0))));
}

TEST_CASE("a registry that is out is asked every two seconds where events wait for it") {
    Fixture fixture({.concurrent_max = 0});
    fixture.registry->failure = test::outage();
    for (int i = 0; i < 30; ++i) {
        fixture.cache.get(key(0));
        fixture.cache.get(key(0, "org.stranger"));
        fixture.now += 2'001;
    }
    CHECK(fixture.registry->asked >= 30 + 5);  // the stranger's: as the reference asks
    CHECK(fixture.registry->asked < 30 + 15);
}

}  // namespace snowline::iglu
