#include "collector/delivery/delivery.h"

#include "collector/delivery/delivery_coordinator.h"
#include "common/log/arrival.h"
#include "common/model/collector_payload_thrift.h"
#include "test/integration/common/log/temporary_directory.h"
#include "test/support/held_producer.h"

#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

/// The ladder over a log whose reports the test gives, and a real spool.
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

enum class With { kSpool, kNoSpool };

struct Fixture {
    explicit Fixture(With with) {
        if (with == With::kSpool) reopen();
    }
    void reopen() {
        spool.reset();
        auto opened = log::spool::open_spool(directory.path(), {});
        REQUIRE(opened.has_value());
        spool = std::move(*opened);
    }
    std::shared_ptr<DeliveryCoordinator> coordinator() {
        return std::make_shared<DeliveryCoordinator>(settings(), Sinks{good, bad, spool.get()});
    }
    std::uint64_t spooled() const { return spool->level().records; }
    void wait_for_spooled(std::uint64_t records) const {
        for (int i = 0; i < 1000 && spooled() != records; ++i) std::this_thread::sleep_for(10ms);
        CHECK(spooled() == records);
    }

    TemporaryDirectory directory;
    std::unique_ptr<log::spool::Spool> spool;
    HeldProducer good, bad;
};

/// One request with one payload.
struct Asked {
    explicit Asked(DeliveryCoordinator& coordinator, const std::string& value = "payload")
        : delivery(coordinator.send({.good = {value}, .bad = {}}, {.key = "key", .now_ms = 1234},
                                    [this] { settled = true; })) {}
    bool wait() const {
        for (int i = 0; i < 1000 && !settled; ++i) std::this_thread::sleep_for(10ms);
        return settled;
    }
    std::atomic<bool> settled = false;
    std::shared_ptr<PendingDelivery> delivery;
};

std::string id_of(const log::Record& record) {
    for (const log::Header& header : record.headers) {
        if (header.name == kRecordIdHeader) return header.value;
    }
    return {};
}

}  // namespace

TEST_CASE("what the log acknowledges in time is durable, and nothing is spooled", "[delivery]") {
    Fixture fixture(With::kSpool);
    const auto coordinator = fixture.coordinator();
    const Asked asked(*coordinator);
    const auto sent = fixture.good.next();
    CHECK(sent.record.topic == "raw");
    const std::int32_t partition = sent.record.partition;
    CHECK((partition == 0 || partition == 1));  // each collector begins somewhere else
    CHECK_THAT(id_of(sent.record), Catch::EndsWith(":" + std::to_string(partition) + ":0"));
    CHECK(id_of(sent.record).size() == 36 + 4);
    CHECK_FALSE(asked.settled);
    acknowledge(sent);
    CHECK(asked.settled);
    CHECK(coordinator->finish(asked.delivery));
    CHECK(fixture.spooled() == 0);
    CHECK(coordinator->counts().acked_by_log == 1);
}

TEST_CASE("what is overdue is durable in the spool, and leaves it when the log reports after all",
          "[delivery]") {
    Fixture fixture(With::kSpool);
    const auto coordinator = fixture.coordinator();
    const Asked asked(*coordinator);
    const auto sent = fixture.good.next();
    CHECK(coordinator->overdue(asked.delivery));
    REQUIRE(asked.wait());
    CHECK(coordinator->finish(asked.delivery));
    CHECK(fixture.spooled() == 1);
    CHECK(coordinator->readiness() == Readiness::kSpool);
    acknowledge(sent);
    fixture.wait_for_spooled(0);
    CHECK(coordinator->readiness() == Readiness::kLog);
    CHECK(coordinator->counts().acked_by_spool == 1);
    CHECK(coordinator->counts().acked_by_log == 0);
}

TEST_CASE("while the log is known to be away, it is not asked", "[delivery]") {
    Fixture fixture(With::kSpool);
    const auto coordinator = fixture.coordinator();
    const Asked first(*coordinator);
    (void)coordinator->overdue(first.delivery);
    REQUIRE(first.wait());
    const Asked second(*coordinator);
    REQUIRE(second.wait());
    CHECK(coordinator->finish(second.delivery));
    CHECK(fixture.good.count() == 1);
    CHECK(fixture.spooled() == 2);
}

TEST_CASE("the drainer sends what was spooled to its partition again, with its id", "[delivery]") {
    Fixture fixture(With::kSpool);
    std::string id;
    std::int32_t partition = -1;
    {
        const auto coordinator = fixture.coordinator();
        const Asked asked(*coordinator);
        const auto first = fixture.good.next();
        id = id_of(first.record);
        partition = first.record.partition;
        (void)coordinator->overdue(asked.delivery);
        REQUIRE(asked.wait());
        CHECK(coordinator->finish(asked.delivery));
    }
    fixture.reopen();  // as after a restart: nobody holds it any more
    Delivery delivery(settings(), {fixture.good, fixture.bad, fixture.spool.get()});
    const auto again = fixture.good.next();
    CHECK(again.record.value == "payload");
    CHECK(again.record.partition == partition);
    CHECK(again.record.timestamp_ms == 1234);
    CHECK(id_of(again.record) == id);
    refuse(again, Reason::kUnavailable);  // stays, and is tried again
    const auto third = fixture.good.next();
    CHECK(id_of(third.record) == id);
    acknowledge(third);
    fixture.wait_for_spooled(0);
    CHECK(delivery.counts().drained == 1);
}

TEST_CASE("a cluster that was never reached has one partition that is known", "[delivery]") {
    Fixture fixture(With::kSpool);
    fixture.good.is_there = false;
    const auto coordinator = fixture.coordinator();
    CHECK(coordinator->readiness() == Readiness::kSpool);
    const Asked asked(*coordinator);
    REQUIRE(asked.wait());
    CHECK(coordinator->finish(asked.delivery));
    CHECK(fixture.good.count() == 0);
    const auto entries = fixture.spool->take({});
    REQUIRE(entries.has_value());
    REQUIRE(entries->size() == 1);
    CHECK(entries->front().record.partition == 0);
    CHECK_THAT(id_of(entries->front().record), Catch::EndsWith(":0:0"));
}

TEST_CASE("without a spool what is overdue is not durable, and later requests need not wait",
          "[delivery]") {
    Fixture fixture(With::kNoSpool);
    const auto coordinator = fixture.coordinator();
    const Asked asked(*coordinator);
    const auto sent = fixture.good.next();
    CHECK_FALSE(coordinator->overdue(asked.delivery));
    CHECK_FALSE(coordinator->finish(asked.delivery));
    CHECK(coordinator->readiness() == Readiness::kNowhere);
    const Asked second(*coordinator);
    CHECK(second.settled);
    CHECK_FALSE(coordinator->finish(second.delivery));
    CHECK(coordinator->counts().not_durable == 2);
    acknowledge(sent);  // long after the answer
    CHECK(coordinator->readiness() == Readiness::kLog);
}

TEST_CASE("a spool that takes nothing leaves the log's word until the answer is due",
          "[delivery]") {
    Fixture fixture(With::kNoSpool);
    log::spool::Options full;
    full.disk_bytes_free_min = std::uint64_t{1} << 60;
    auto opened = log::spool::open_spool(fixture.directory.path(), full);
    REQUIRE(opened.has_value());
    fixture.spool = std::move(*opened);
    const auto coordinator = fixture.coordinator();
    const Asked in_time(*coordinator), late(*coordinator);
    const auto first = fixture.good.next(), second = fixture.good.next();
    CHECK(coordinator->overdue(in_time.delivery));
    CHECK(coordinator->overdue(late.delivery));
    std::this_thread::sleep_for(100ms);
    CHECK_FALSE(in_time.settled);
    acknowledge(first);
    CHECK(in_time.settled);
    CHECK(coordinator->finish(in_time.delivery));
    CHECK_FALSE(coordinator->finish(late.delivery));
    refuse(second, Reason::kUnavailable);
    CHECK(fixture.spooled() == 0);
}

TEST_CASE("a record that the log finds too large is a bad row instead", "[delivery]") {
    Fixture fixture(With::kSpool);
    const auto coordinator = fixture.coordinator();
    model::CollectorPayload payload;
    payload.path = "/a/b";
    const Asked asked(*coordinator, model::to_thrift(payload));
    refuse(fixture.good.next(), Reason::kTooLarge);
    const auto row = fixture.bad.next();
    CHECK(row.record.topic == "bad");
    CHECK_THAT(row.record.value, Catch::Contains("/size_violation/") && Catch::Contains("/a/b"));
    CHECK(id_of(row.record).empty());
    CHECK_FALSE(asked.settled);
    acknowledge(row);
    CHECK(asked.settled);
    CHECK(coordinator->finish(asked.delivery));
    CHECK(coordinator->counts().too_large == 1);
    CHECK(coordinator->counts().bad_size_violation == 1);
    CHECK(coordinator->readiness() == Readiness::kLog);  // it is not the log that is in trouble
}

TEST_CASE("a refused record waits in the spool, or is a bad row where there is none",
          "[delivery]") {
    {
        Fixture fixture(With::kSpool);
        const auto coordinator = fixture.coordinator();
        const Asked asked(*coordinator);
        refuse(fixture.good.next(), Reason::kRefused);
        REQUIRE(asked.wait());
        CHECK(coordinator->finish(asked.delivery));
        CHECK(fixture.spooled() == 1);
    }
    Fixture fixture(With::kNoSpool);
    const auto coordinator = fixture.coordinator();
    const Asked asked(*coordinator);
    refuse(fixture.good.next(), Reason::kRefused);
    const auto row = fixture.bad.next();
    CHECK_THAT(row.record.value, Catch::Contains("/generic_error/") &&
                                     Catch::Contains("as the test wants it") &&
                                     Catch::Contains("cGF5bG9hZA=="));
    acknowledge(row);
    CHECK(coordinator->finish(asked.delivery));
    CHECK(coordinator->counts().refused == 1);
}

TEST_CASE("an event whose time the log refuses is acknowledged with another", "[delivery]") {
    Fixture fixture(With::kSpool);
    const auto coordinator = fixture.coordinator();
    const Asked asked(*coordinator);
    const auto refused = fixture.good.next();
    refuse(refused, Reason::kTimestamp);
    const auto again = fixture.good.next();
    CHECK(again.record.value == "payload");
    CHECK(again.record.timestamp_ms != 1234);
    CHECK(log::arrival_ms(again.record) == 1234);
    CHECK(id_of(again.record) == id_of(refused.record));
    refuse(again, Reason::kTimestamp);
    const auto third = fixture.good.next();
    CHECK(third.record.timestamp_ms == log::kNoTimestamp);
    acknowledge(third);
    CHECK(asked.settled);
    CHECK(coordinator->finish(asked.delivery));
    CHECK(fixture.spooled() == 0);
    CHECK(coordinator->readiness() == Readiness::kLog);
    CHECK(coordinator->counts().timestamp == 2);
}

TEST_CASE("an event for a partition that went meanwhile goes to another at once", "[delivery]") {
    Fixture fixture(With::kNoSpool);
    const auto coordinator = fixture.coordinator();
    fixture.good.partitions = 1;
    fixture.good.placed_elsewhere = 1;
    const Asked asked(*coordinator);
    const auto sent = fixture.good.next();
    CHECK(sent.record.partition == 0);
    CHECK_THAT(id_of(sent.record), Catch::EndsWith(":0:0"));
    acknowledge(sent);
    CHECK(coordinator->finish(asked.delivery));
    CHECK(coordinator->counts().readdressed == 1);
}

TEST_CASE("it is ready as long as something new would be durable somewhere", "[delivery]") {
    Fixture fixture(With::kNoSpool);
    const auto coordinator = fixture.coordinator();
    const Asked first(*coordinator);
    refuse(fixture.good.next(), Reason::kRefused);
    CHECK(coordinator->readiness() == Readiness::kBadStream);
    CHECK(coordinator->streams()[0].trouble.has_value());
    refuse(fixture.bad.next(), Reason::kUnknownTopic);
    CHECK_FALSE(coordinator->finish(first.delivery));
    CHECK(coordinator->readiness() == Readiness::kNowhere);
    // Only a record tells when that is over.
    CHECK_FALSE(coordinator->takes_nothing());
    coordinator->log_answered(coordinator->good());
    CHECK(coordinator->readiness() == Readiness::kNowhere);
    coordinator->log_answered(coordinator->bad());
    CHECK(coordinator->readiness() == Readiness::kBadStream);
    const Asked second(*coordinator);
    acknowledge(fixture.good.next());
    CHECK(coordinator->finish(second.delivery));
    CHECK(coordinator->readiness() == Readiness::kLog);
    CHECK_FALSE(coordinator->streams()[0].trouble.has_value());
}

TEST_CASE("one record of several that is not durable fails the request", "[delivery]") {
    Fixture fixture(With::kNoSpool);
    const auto coordinator = fixture.coordinator();
    std::atomic<int> settled = 0;
    const auto delivery =
        coordinator->send({.good = {"a", "b"}, .bad = {"{}"}}, {.key = "key"}, [&] { ++settled; });
    acknowledge(fixture.good.next());
    acknowledge(fixture.bad.next());
    CHECK(settled == 0);
    refuse(fixture.good.next(), Reason::kUnavailable);
    CHECK(settled == 1);
    CHECK_FALSE(coordinator->finish(delivery));
}

}  // namespace snowline::collector
