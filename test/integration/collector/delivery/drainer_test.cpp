#include "collector/delivery/drainer.h"

#include "collector/delivery/delivery_coordinator.h"
#include "common/log/arrival.h"
#include "common/log/record_id.h"
#include "test/integration/common/log/temporary_directory.h"
#include "test/support/held_producer.h"

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

/// What is at the head of a spool stops nobody: a real spool, and a log whose reports the test
/// gives.
namespace snowline::collector {
namespace {

using namespace std::chrono_literals;
using log::Reason;
using log::test::TemporaryDirectory;
using test::acknowledge;
using test::HeldProducer;
using test::refuse;

DeliverySettings settings() {
    DeliverySettings made;
    made.streams.good.name = "raw";
    made.streams.bad.name = "bad";
    return made;
}

log::Record record_of(const std::string& topic, std::int32_t partition, const std::string& value) {
    log::Record made{.topic = topic, .key = "k", .value = value};
    made.partition = partition;
    made.timestamp_ms = 1234;
    if (topic == "raw") {
        made.headers = {{"snowline-id", "11111111-2222-3333-4444-555555555555:" +
                                            std::to_string(partition) + ":" + value}};
    }
    return made;
}

std::string id_of(const log::Record& record) {
    for (const log::Header& header : record.headers) {
        if (header.name == kRecordIdHeader) return header.value;
    }
    return {};
}

struct Fixture {
    Fixture() { reopen(); }
    ~Fixture() { stop(); }

    void reopen() {
        spool.reset();
        auto opened = log::spool::open_spool(directory.path(), {});
        REQUIRE(opened.has_value());
        spool = std::move(*opened);
    }
    void spooled(log::Record record) const {
        std::promise<bool> stored;
        spool->append({.record = std::move(record),
                       .stored = [&](auto number) { stored.set_value(number.has_value()); }});
        REQUIRE(stored.get_future().get());
    }
    void start(Drainer::Options options = {}) {
        coordinator =
            std::make_shared<DeliveryCoordinator>(settings(), Sinks{good, bad, spool.get()});
        drainer = std::make_unique<Drainer>(coordinator, options);
    }
    void stop() {
        drainer.reset();
        if (coordinator) coordinator->stop();
    }
    std::size_t parked(const std::string& topic, Reason reason) const {
        const auto parked = coordinator->counts().parked;
        const auto found = parked.find({topic, reason});
        return found == parked.end() ? 0 : found->second;
    }

    TemporaryDirectory directory;
    std::unique_ptr<log::spool::Spool> spool;
    HeldProducer good, bad;
    std::shared_ptr<DeliveryCoordinator> coordinator;
    std::unique_ptr<Drainer> drainer;
};

bool comes_true(const std::function<bool()>& what) {
    for (int i = 0; i < 2000 && !what(); ++i) std::this_thread::sleep_for(10ms);
    return what();
}

}  // namespace

TEST_CASE("a bad topic that is missing keeps no good event in the spool", "[delivery]") {
    Fixture fixture;
    for (int i = 0; i < 700; ++i) fixture.spooled(record_of("bad", -1, std::to_string(i)));
    for (int i = 0; i < 300; ++i) fixture.spooled(record_of("raw", i % 2, std::to_string(i)));
    fixture.bad.is_topic_there = false;
    fixture.start();
    std::atomic<bool> is_refusing = true, stopped = false;
    std::thread answers([&] {
        while (!stopped) {
            if (fixture.bad.count() == 0) {
                std::this_thread::sleep_for(5ms);
            } else if (is_refusing) {
                refuse(fixture.bad.next(), Reason::kUnknownTopic);
            } else {
                acknowledge(fixture.bad.next());
            }
        }
    });
    std::set<std::string> arrived;
    for (int i = 0; i < 300; ++i) {
        const auto sent = fixture.good.next();
        arrived.insert(sent.record.value);
        acknowledge(sent);
    }
    CHECK(arrived.size() == 300);
    CHECK(comes_true([&] { return fixture.parked("bad", Reason::kUnknownTopic) == 700; }));
    CHECK(comes_true([&] { return fixture.spool->level().records == 700; }));
    CHECK(fixture.coordinator->breaker(fixture.coordinator->good()).is_closed());
    CHECK(fixture.coordinator->readiness() == Readiness::kLog);
    const auto streams = fixture.coordinator->streams();
    REQUIRE(streams.size() == 2);
    CHECK_FALSE(streams[0].trouble.has_value());
    CHECK(streams[1].topic == "bad");
    CHECK(streams[1].trouble.has_value());
    is_refusing = false;
    fixture.bad.is_topic_there = true;
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
    CHECK(comes_true([&] { return fixture.coordinator->counts().parked.empty(); }));
    CHECK_FALSE(fixture.coordinator->streams()[1].trouble.has_value());
    stopped = true;
    answers.join();
    CHECK(fixture.coordinator->counts().drained == 1000);
}

TEST_CASE("a spooled record whose time is refused goes with another, and others go as they are",
          "[delivery]") {
    Fixture fixture;
    fixture.spooled(record_of("raw", 0, "7"));
    fixture.spooled(record_of("raw", 1, "8"));
    fixture.start();
    const auto refused = fixture.good.next();
    CHECK(refused.record.value == "7");
    refuse(refused, Reason::kTimestamp);
    std::map<std::string, log::Record> arrived;
    for (int i = 0; i < 2; ++i) {
        const auto sent = fixture.good.next();
        arrived[sent.record.value] = sent.record;
        acknowledge(sent);
    }
    REQUIRE(arrived.contains("7"));
    const log::Record& again = arrived["7"];
    CHECK(again.timestamp_ms > 1'600'000'000'000);
    CHECK(log::arrival_ms(again) == 1234);
    CHECK(id_of(again) == id_of(refused.record));
    CHECK(again.partition == 0);
    REQUIRE(arrived.contains("8"));
    CHECK(arrived["8"].timestamp_ms == 1234);
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
    CHECK(fixture.coordinator->counts().timestamp == 1);
    CHECK(fixture.coordinator->counts().restamped == 1);
    CHECK(fixture.coordinator->breaker(fixture.coordinator->good()).is_closed());
}

TEST_CASE("a record whose partition is gone goes to another with one new id", "[delivery]") {
    Fixture fixture;
    const log::Record stranded = record_of("raw", 5, "7");
    fixture.spooled(stranded);
    fixture.spooled(record_of("raw", 0, "8"));
    fixture.start({.gone_after = 500ms});
    const auto first = fixture.good.next();
    CHECK(first.record.value == "8");
    acknowledge(first);
    const auto second = fixture.good.next();
    CHECK(second.record.value == "7");
    CHECK(second.record.timestamp_ms == 1234);
    CHECK((second.record.partition == 0 || second.record.partition == 1));
    const auto id = log::parse_record_id(id_of(second.record));
    REQUIRE(id.has_value());
    CHECK(id->partition == second.record.partition);
    CHECK(id->instance != log::parse_record_id(id_of(stranded))->instance);
    CHECK(comes_true([&] { return fixture.spool->level().records == 1; }));
    CHECK(fixture.coordinator->counts().readdressed == 1);
    // Nobody knows whether that was written: after a crash it has the same id.
    fixture.stop();
    fixture.reopen();
    fixture.start({.gone_after = 500ms});
    const auto third = fixture.good.next();
    CHECK(id_of(third.record) == id_of(second.record));
    CHECK(third.record.partition == second.record.partition);
    acknowledge(third);
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
}

TEST_CASE("a partition that is missing for a moment changes no id", "[delivery]") {
    Fixture fixture;
    const log::Record record = record_of("raw", 1, "7");
    fixture.spooled(record);
    fixture.good.partitions = 1;
    fixture.start();
    CHECK(comes_true([&] { return fixture.parked("raw", Reason::kUnknownPartition) == 1; }));
    fixture.good.partitions = 2;
    const auto sent = fixture.good.next();
    CHECK(id_of(sent.record) == id_of(record));
    CHECK(sent.record.partition == 1);
    acknowledge(sent);
    CHECK(fixture.coordinator->counts().readdressed == 0);
}

TEST_CASE("a partition that acknowledges nothing keeps no other waiting", "[delivery]") {
    Fixture fixture;
    for (int i = 0; i < 20; ++i) fixture.spooled(record_of("raw", 0, std::to_string(i)));
    for (int i = 0; i < 20; ++i) fixture.spooled(record_of("raw", 1, std::to_string(i)));
    fixture.start({.patience = 300ms});
    std::vector<HeldProducer::Sent> held;
    for (int i = 0; i < 40; ++i) {
        auto sent = fixture.good.next();
        if (sent.record.partition == 0) {
            held.push_back(std::move(sent));
        } else {
            acknowledge(sent);
        }
    }
    REQUIRE(held.size() == 20);
    std::this_thread::sleep_for(500ms);
    for (int i = 20; i < 25; ++i) fixture.spooled(record_of("raw", 0, std::to_string(i)));
    for (int i = 20; i < 25; ++i) fixture.spooled(record_of("raw", 1, std::to_string(i)));
    for (int i = 0; i < 5; ++i) {
        const auto sent = fixture.good.next();
        REQUIRE(sent.record.partition == 1);
        acknowledge(sent);
    }
    CHECK(fixture.good.count() == 0);
    CHECK(comes_true([&] { return fixture.parked("raw", Reason::kUnavailable) == 5; }));
    for (const auto& sent : held) acknowledge(sent);
    for (int i = 0; i < 5; ++i) acknowledge(fixture.good.next());
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
}

TEST_CASE("a stream that acknowledges nothing opens its own breaker only", "[delivery]") {
    Fixture fixture;
    fixture.spooled(record_of("bad", -1, "row"));
    fixture.start({.patience = 300ms});
    const auto row = fixture.bad.next();
    CHECK(comes_true(
        [&] { return !fixture.coordinator->breaker(fixture.coordinator->bad()).is_closed(); }));
    CHECK(fixture.coordinator->breaker(fixture.coordinator->good()).is_closed());
    fixture.spooled(record_of("raw", 0, "7"));
    const auto good = fixture.good.next();
    CHECK(good.record.value == "7");
    acknowledge(good);
    acknowledge(row);
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
    CHECK(fixture.coordinator->breaker(fixture.coordinator->bad()).is_closed());
}

TEST_CASE("a probe of a stream is a record of that stream", "[delivery]") {
    Fixture fixture;
    for (int i = 0; i < 3; ++i) fixture.spooled(record_of("bad", -1, "row"));
    fixture.spooled(record_of("raw", 0, "7"));
    fixture.start();
    const auto now = std::chrono::steady_clock::now();
    fixture.bad.is_there = false;  // no probe of it is a record: it was not reached
    for (auto* stream : {&fixture.coordinator->good(), &fixture.coordinator->bad()}) {
        fixture.coordinator->log_failed(*stream, now + 1h, "as the test wants it");
    }
    const auto probe = fixture.good.next();
    CHECK(probe.record.topic == "raw");
    acknowledge(probe);
    CHECK(comes_true(
        [&] { return fixture.coordinator->breaker(fixture.coordinator->good()).is_closed(); }));
    CHECK_FALSE(fixture.coordinator->breaker(fixture.coordinator->bad()).is_closed());
}

TEST_CASE("a record of the bad stream that is too large keeps no other waiting", "[delivery]") {
    Fixture fixture;
    for (const char* value : {"large", "a", "b"}) fixture.spooled(record_of("bad", -1, value));
    fixture.start();
    std::set<std::string> arrived;
    while (arrived.size() < 2) {
        const auto sent = fixture.bad.next();
        REQUIRE_FALSE(sent.record.topic.empty());
        if (sent.record.value == "large") {
            refuse(sent, Reason::kTooLarge);
        } else {
            arrived.insert(sent.record.value);
            acknowledge(sent);
        }
    }
    CHECK(comes_true([&] { return fixture.parked("bad", Reason::kTooLarge) == 1; }));
    CHECK(comes_true([&] { return fixture.spool->level().records == 1; }));
}

TEST_CASE("a spooled record that is too large is a bad row instead of itself", "[delivery]") {
    Fixture fixture;
    fixture.spooled(record_of("raw", 0, "7"));
    fixture.start();
    refuse(fixture.good.next(), Reason::kTooLarge);
    const auto row = fixture.bad.next();
    CHECK_THAT(row.record.value, Catch::Contains("/size_violation/"));
    CHECK(comes_true([&] { return fixture.spool->level().records == 1; }));
    acknowledge(row);
    CHECK(comes_true([&] { return fixture.spool->level().records == 0; }));
}

TEST_CASE("records of a topic that is not configured keep nobody waiting", "[delivery]") {
    Fixture fixture;
    fixture.spooled(record_of("old", 0, "x"));
    fixture.spooled(record_of("raw", 0, "7"));
    fixture.start();
    const auto sent = fixture.good.next();
    CHECK(sent.record.value == "7");
    acknowledge(sent);
    CHECK(comes_true([&] { return fixture.parked("old", Reason::kUnknownTopic) == 1; }));
}

}  // namespace snowline::collector
