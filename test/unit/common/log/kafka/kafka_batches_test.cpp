#include "common/log/kafka/batches.h"

#include <catch2/catch.hpp>

namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
const Batches::Time kNow = Batches::Time{} + 1h;

std::unique_ptr<Sent> record(const std::string& value, std::int32_t partition = 0) {
    return std::make_unique<Sent>(
        Sent{{.topic = "raw", .value = value, .partition = partition}, {}});
}

bool takes(Batches& batches, const std::string& value, Batches::Time now,
           std::int32_t partition = 0) {
    return batches.admit(record(value, partition), now) != nullptr;
}

std::string values(const Batches::Records& records) {
    std::string all;
    for (const auto& sent : records) all += sent->record.value;
    return all;
}

}  // namespace

TEST_CASE("a batch takes records while librdkafka lingers, and the next waits for its reports") {
    Batches batches(10ms);
    CHECK(takes(batches, "a", kNow));
    CHECK(takes(batches, "b", kNow + 9ms));
    CHECK_FALSE(takes(batches, "c", kNow + 10ms));
    CHECK_FALSE(takes(batches, "d", kNow + 11ms));
    CHECK(takes(batches, "e", kNow + 11ms, 1));  // another partition's
    CHECK(batches.reported(record("a")->record, kNow + 12ms).empty());
    const auto next = batches.reported(record("b")->record, kNow + 13ms);
    CHECK(values(next) == "cd");
    // Behind them, as long as they are on their way.
    CHECK_FALSE(takes(batches, "f", kNow + 13ms));
    CHECK(batches.reported(record("c")->record, kNow + 14ms).empty());
    CHECK(batches.handed_over("raw", 0, kNow + 14ms).empty());
    CHECK(values(batches.reported(record("d")->record, kNow + 15ms)) == "f");
    CHECK(batches.handed_over("raw", 0, kNow + 15ms).empty());
    CHECK(takes(batches, "g", kNow + 16ms));
}

TEST_CASE("what is held while others are handed over comes when all of those are reported") {
    Batches batches(10ms);
    CHECK(takes(batches, "a", kNow));
    CHECK_FALSE(takes(batches, "b", kNow + 10ms));
    CHECK(values(batches.reported(record("a")->record, kNow + 11ms)) == "b");
    CHECK_FALSE(takes(batches, "c", kNow + 11ms));
    CHECK(batches.reported(record("b")->record, kNow + 12ms).empty());
    CHECK(values(batches.handed_over("raw", 0, kNow + 12ms)) == "c");
}

TEST_CASE("a batch is as large as one request") {
    Batches batches(10ms);
    const std::string large(500'000, 'x');
    CHECK(takes(batches, large, kNow));
    CHECK(takes(batches, large, kNow));
    CHECK_FALSE(takes(batches, large, kNow));
    CHECK_FALSE(takes(batches, large, kNow));
    CHECK_FALSE(takes(batches, large, kNow));
    CHECK(batches.reported(record("")->record, kNow).empty());
    CHECK(batches.reported(record("")->record, kNow).size() == 2);
    CHECK(batches.take_held().size() == 1);
    CHECK(batches.take_held().empty());
}

TEST_CASE("records that name no partition are not held") {
    Batches batches(10ms);
    CHECK(takes(batches, "a", kNow, kAnyPartition));
    CHECK(takes(batches, "b", kNow + 1h, kAnyPartition));
    CHECK(batches.reported(record("a", kAnyPartition)->record, kNow).empty());
}

TEST_CASE(
    "records of a batch that is refused go again in smaller ones, and one alone is given back") {
    Batches batches(10ms);
    const std::vector<std::string> values_of{"a", "b", "c", "d"};
    for (const auto& value : values_of) CHECK(takes(batches, value + std::string(99, 'x'), kNow));
    CHECK_FALSE(takes(batches, "later", kNow + 10ms));
    Batches::Records next;
    for (const auto& value : values_of) {
        CHECK(batches.refused(record(value + std::string(99, 'x'))) == nullptr);
        next = batches.reported(record("")->record, kNow + 11ms);
    }
    // Half of what the four had.
    REQUIRE(next.size() == 2);
    CHECK(next[0]->record.value[0] == 'a');
    CHECK(next[1]->record.value[0] == 'b');
    CHECK(batches.handed_over("raw", 0, kNow + 11ms).empty());
    CHECK(batches.reported(next[0]->record, kNow + 12ms).empty());
    next = batches.reported(next[1]->record, kNow + 12ms);
    REQUIRE(next.size() == 2);
    CHECK(next[1]->record.value[0] == 'd');
    CHECK(batches.handed_over("raw", 0, kNow + 12ms).empty());
    // Refused again: each by itself, still in front of what came later.
    CHECK(batches.refused(std::move(next[0])) == nullptr);
    CHECK(batches.reported(record("")->record, kNow + 13ms).empty());
    CHECK(batches.refused(std::move(next[1])) == nullptr);
    next = batches.reported(record("")->record, kNow + 13ms);
    REQUIRE(next.size() == 1);
    CHECK(next[0]->record.value[0] == 'c');
    CHECK(batches.handed_over("raw", 0, kNow + 13ms).empty());
    const auto alone = batches.refused(std::move(next[0]));
    REQUIRE(alone != nullptr);
    next = batches.reported(alone->record, kNow + 14ms);
    REQUIRE_FALSE(next.empty());
    CHECK(next[0]->record.value[0] == 'd');
}

TEST_CASE("a topic whose batches were refused is limited") {
    Batches batches(10ms);
    CHECK_FALSE(batches.is_limited("raw"));
    batches.limit("raw");
    CHECK(batches.is_limited("raw"));
    CHECK(takes(batches, std::string(60'000, 'x'), kNow));
    CHECK_FALSE(takes(batches, std::string(60'000, 'x'), kNow));
}

}  // namespace snowline::log::kafka
