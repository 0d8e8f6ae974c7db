// What unknown keys may cost, and that others do not wait for them.
#include "iglu/resolve/schema_loader.h"

#include "iglu/resolve/schema_view.h"
#include "test/support/gate.h"
#include "test/support/memory_registry.h"

#include <algorithm>
#include <stdexcept>
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

// One registry, which is for com.acme and has 1-0-0 … 1-0-99 of it, and one that is for nobody and
// has those of org.open; and a clock that the test moves.
struct Fixture {
    explicit Fixture(LoaderSettings settings)
        : registry(new MemoryRegistry("acme", {"com.acme"})),
          open(new MemoryRegistry("open", {"nobody"})),
          resolver(owned(registry, open), [this] { return now.load(); }),
          cache(resolver, {.schemas_max = 10'000}),
          loader(cache, settings,
                 [this] { return SchemaLoader::SteadyTime(std::chrono::milliseconds(now)); }) {
        for (int i = 0; i < 100; ++i) {
            registry->put(key(i).to_uri(), R"({"type":"object"})");
            open->put(key(i, "org.open").to_uri(), R"({"type":"object"})");
        }
    }
    static std::vector<std::unique_ptr<Registry>> owned(Registry* registry, Registry* open) {
        std::vector<std::unique_ptr<Registry>> all;
        all.emplace_back(registry);
        all.emplace_back(open);
        return all;
    }
    void look_up(const model::SchemaKey& one) {
        const auto ticket = loader.request(one);
        REQUIRE(ticket != nullptr);
        REQUIRE(comes_true([&] { return ticket->has_landed(); }));
    }

    std::atomic<std::int64_t> now = 1'000'000;
    MemoryRegistry* registry;
    MemoryRegistry* open;
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
    CHECK_FALSE(strangers[5]->is_refused());
    CHECK(fixture.registry->asked == 6 + 2);
    // More than the next second has budget for would hold up who waits for it.
    for (int i = 6; i < 10; ++i) CHECK(strangers[i]->is_refused());
    for (int i = 10; i < 13; ++i) {
        strangers.push_back(fixture.loader.request(key(i, "org.stranger")));
        CHECK(strangers.back() != nullptr);
    }
    CHECK(fixture.loader.request(key(13, "org.stranger")) == nullptr);
    strangers.pop_back();  // who waited for it does no more
    CHECK(fixture.loader.request(key(13, "org.stranger")) != nullptr);
}

TEST_CASE("strangers have every fourth turn, however many others are queued") {
    Gate gate;
    Fixture fixture({.concurrent_max = 1});
    fixture.registry->when_asked = [&] { gate.pass(); };
    std::vector<SchemaLoader::Ticket> ours;
    for (int i = 0; i < 90; ++i) ours.push_back(fixture.loader.request(key(i)));
    const auto stranger = fixture.loader.request(key(0, "org.open"));
    std::size_t before = 0;  // of ours that had an answer when the stranger's came
    fixture.open->when_asked = [&] {
        before = static_cast<std::size_t>(std::count_if(
            ours.begin(), ours.end(), [](const auto& ticket) { return ticket->has_landed(); }));
    };
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    gate.open();
    CHECK(comes_true([&] { return ours.back()->has_landed(); }));
    REQUIRE(stranger->has_landed());
    CHECK(stranger->entry()->is_found());
    CHECK(before <= 4);
}

TEST_CASE("so many vendors may be queued; then a new one is refused, and those that are are not") {
    Gate gate;
    Fixture fixture({.concurrent_max = 1});
    fixture.registry->when_asked = [&] { gate.pass(); };
    const auto first = fixture.loader.request(key(0));
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    const auto vendor = [](std::size_t i) { return "org.stranger" + std::to_string(i); };
    std::vector<SchemaLoader::Ticket> tickets;
    for (std::size_t i = 0; i < SchemaLoader::kVendorsQueuedMax; ++i) {
        tickets.push_back(fixture.loader.request(key(0, vendor(i))));
        REQUIRE(tickets.back() != nullptr);
    }
    CHECK(fixture.loader.request(key(0, "org.one_more")) == nullptr);
    CHECK(fixture.loader.request(key(1, vendor(0))) != nullptr);
    CHECK(fixture.loader.request(key(0, vendor(0))) == tickets[0]);
    CHECK(fixture.loader.request(key(1)) != nullptr);  // a registry is for it
    gate.open();
    CHECK(comes_true([&] { return tickets.back()->has_landed(); }));
    CHECK(fixture.loader.request(key(0, "org.one_more")) != nullptr);
}

TEST_CASE("a look-up that breaks is an answer for who asked, and no more than that") {
    Fixture fixture({.concurrent_max = 1});
    fixture.registry->when_asked = [] { throw std::runtime_error("broken"); };
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    CHECK(told(view.find(key(0))).errors == std::vector{client_failure("broken")});
    view.forget_missing();
    CHECK(view.find(key(0)) == nullptr);
    fixture.registry->when_asked = nullptr;
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(0))));
}

TEST_CASE("more keys than a record may ask for at a time are all asked for, one after the other") {
    Fixture fixture({.concurrent_max = 4});
    SchemaView view(fixture.loader);
    for (int i = 0; i < 60; ++i) view.find(key(i));
    REQUIRE(view.ask() == kUnderWay);
    // As the runner does: it asks again when what is under way has landed, and not before.
    for (int rounds = 0; rounds < 2; ++rounds) {
        MissingSchemas aside = view.put_aside();
        REQUIRE(aside.is_under_way());
        REQUIRE(comes_true([&] { return aside.has_landed(); }));
        view.take_up(std::move(aside));
        if (view.ask() == kAll) break;
    }
    CHECK_FALSE(view.is_missing());
    for (int i = 0; i < 60; ++i) {
        CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(i))));
    }
}

TEST_CASE("a question's time begins with the question, whatever the record waited for before") {
    Gate gate, second;
    Fixture fixture({.concurrent_max = 1, .record_time = 5s});
    fixture.look_up(key(100, "org.open"));  // a stranger, and no new one
    fixture.registry->when_asked = [&] { gate.pass(); };
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(view.ask() == kUnderWay);
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    fixture.now += 5'000;
    gate.open();
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    fixture.registry->when_asked = [&] { second.pass(); };
    const auto other = fixture.loader.request(key(1));
    CHECK(comes_true([&] { return second.waiting() == 1; }));
    view.find(key(1, "org.open"));
    view.find(key(1, "org.new"));
    CHECK(view.ask() == kUnderWay);  // queued: and not refused where it is asked for
    CHECK(view.missing().size() == 2);
    fixture.now += 4'999;
    CHECK(view.ask() == kUnderWay);
    CHECK(view.missing().size() == 2);
    second.open();
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(1, "org.open"))));
    CHECK(told(view.find(key(1, "org.new"))).errors == std::vector{not_found()});
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
    fixture.look_up(key(0, "org.stranger"));
    fixture.registry->when_asked = [&] { gate.pass(); };
    SchemaView view(fixture.loader);
    view.find(key(0));
    CHECK(view.ask() == kUnderWay);
    CHECK(comes_true([&] { return gate.waiting() == 1; }));
    view.find(key(1));
    view.find(key(1, "org.stranger"));
    view.find(key(1, "org.new"));  // the first of its vendor
    CHECK(view.ask() == kUnderWay);
    CHECK(view.missing().size() == 4);
    fixture.now += 5'000;
    CHECK(view.ask() == kUnderWay);
    CHECK(view.missing().size() == 3);
    CHECK(told(view.find(key(1, "org.stranger"))).errors ==
          std::vector{client_failure("Not asked: too many unknown schemas at a time")});
    gate.open();
    CHECK(comes_true([&] { return view.ask() == kAll; }));
    CHECK(std::holds_alternative<ResolvedSchema>(*view.find(key(1))));
    CHECK(told(view.find(key(1, "org.new"))).errors == std::vector{not_found()});
    CHECK(fixture.registry->asked == 1 + 3);
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
