#include "test/integration/common/log/log_contract.h"

/// What every log promises its producers and readers (common/log/log.h), on each of them. What it
/// promises groups is in group_contract_test.cpp.
namespace snowline::log::test {

std::unique_ptr<Reader> LogUnderTest::reader(const Range& range) {
    auto opened = try_reader(range);
    if (!opened) FAIL(opened.error().message);
    return *std::move(opened);
}

TEST_CASE("what was acknowledged is read, in order and unchanged", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();

    std::string every_byte;
    for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
    const std::vector<Header> headers{{"snowline-id", "1"}, {"", ""}, {"snowline-id", every_byte}};
    const auto positions = send_all(
        *producer, {{.topic = topic, .key = every_byte, .value = every_byte, .headers = headers},
                    {.topic = topic, .value = ""},
                    {.topic = topic, .key = "", .value = "x", .timestamp_ms = 1700000000123}});
    CHECK(positions[0].offset < positions[1].offset);
    CHECK(positions[1].offset < positions[2].offset);

    const auto reader = log->reader({.topics = {topic}});
    const auto records = read_all(*reader, 3);
    REQUIRE(records.size() == 3);
    CHECK(records[0].topic == topic);
    CHECK(records[0].key == every_byte);
    CHECK(records[0].value == every_byte);
    CHECK(records[0].headers == headers);
    CHECK(records[0].timestamp_ms > 1700000000123);
    CHECK(records[0].offset == positions[0].offset);
    CHECK(records[0].partition == positions[0].partition);
    CHECK_FALSE(records[1].key.has_value());
    CHECK(records[1].value.empty());
    CHECK(records[2].key == "");
    CHECK(records[2].timestamp_ms == 1700000000123);
}

TEST_CASE("each record is reported exactly once, also what cannot be sent", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    Answers answers;
    const auto producer = log->producer();
    for (const Record& record : numbered(topic, 0, 500)) {
        producer->send(record, answers.take());
    }
    producer->send({.topic = "no such name!", .value = "x"}, answers.take());
    REQUIRE(producer->flush(kPatience).has_value());

    REQUIRE(answers.all.size() == 501);
    std::size_t failed = 0;
    for (const auto& answer : answers.all) {
        if (answer) continue;
        ++failed;
        CHECK(answer.error().reason == Reason::kUnknownTopic);
        CHECK_FALSE(answer.error().possibly_written);
    }
    CHECK(failed == 1);
}

TEST_CASE("a producer tells whether the log is there, and what is on its way", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    CHECK(producer->was_reached());
    CHECK(producer->probe(kPatience).has_value());
    CHECK(producer->queue().records == 0);

    // With a key always the same place; what is sent with a place goes there.
    const auto place = producer->place(topic, "key", 100);
    CHECK(producer->place(topic, "key", 100) == place);
    const auto turn = producer->place(topic, std::nullopt, 100);
    CHECK(turn.has_value() == place.has_value());
    Answers answers;
    producer->send({.topic = topic, .value = "x", .partition = place.value_or(kAnyPartition)},
                   answers.take());
    REQUIRE(producer->flush(kPatience).has_value());
    REQUIRE(answers.all.size() == 1);
    REQUIRE(answers.all[0].has_value());
    if (place) CHECK(answers.all[0]->partition == *place);
    CHECK(producer->queue().records == 0);
    CHECK(producer->queue().bytes == 0);
}

TEST_CASE("a producer that goes has sent everything", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    Answers answers;
    {
        const auto producer = log->producer();
        for (const Record& record : numbered(topic, 0, 1000)) {
            producer->send(record, answers.take());
        }
    }
    CHECK(answers.all.size() == 1000);
    const auto reader = log->reader({.topics = {topic}});
    CHECK(values_of(read_all(*reader, 1000)) == numbers(0, 1000));
}

TEST_CASE("a reader from the end sees what comes later", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(topic, 0, 10));
    const auto reader = log->reader({.topics = {topic}, .from = Range::End{}});
    CHECK(read_all(*reader, 0).empty());
    send_all(*producer, numbered(topic, 10, 20));
    CHECK(values_of(read_all(*reader, 10)) == numbers(10, 20));
}

TEST_CASE("a reader takes no more than it was told, and misses nothing", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(topic, 0, 2500));
    const auto reader = log->reader({.topics = {topic}});
    CHECK_FALSE(reader->caught_up());
    PollLimits limits;
    limits.records_max = 7;
    std::vector<Record> records;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (records.size() < 2500 && std::chrono::steady_clock::now() < deadline) {
        const auto page = reader->read(limits);
        REQUIRE(page.has_value());
        REQUIRE(page->size() <= 7);
        records.insert(records.end(), page->begin(), page->end());
    }
    CHECK(values_of(records) == numbers(0, 2500));
    CHECK(reader->caught_up());
}

}  // namespace snowline::log::test
