#include "test/integration/common/log_under_test.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include <catch2/catch.hpp>

/// What every log promises (common/log/log.h), on each of them.
namespace snowline::log::test {
namespace {

using namespace std::chrono_literals;
using Factory = std::unique_ptr<LogUnderTest> (*)();

/// Everything is there well before; a broken log fails instead of hanging.
constexpr std::chrono::seconds kPatience{20};

std::unique_ptr<LogUnderTest> each_log() {
    const Factory factory =
        GENERATE(Factory{embedded_log}, Factory{embedded_log_in_process}, Factory{kafka_log});
    return factory();
}

struct Answers {
    std::mutex mutex;
    std::vector<Result<Position, Failure>> all;

    Producer::Reported take() {
        return [this](Result<Position, Failure> answer) {
            const std::lock_guard lock(mutex);
            all.push_back(std::move(answer));
        };
    }
};

std::vector<Position> send_all(Producer& producer, std::vector<Record> records) {
    Answers answers;
    for (Record& record : records) producer.send(std::move(record), answers.take());
    REQUIRE(producer.flush(kPatience).has_value());
    std::vector<Position> positions;
    for (const auto& answer : answers.all) {
        if (!answer) FAIL(answer.error().message);
        positions.push_back(*answer);
    }
    REQUIRE(positions.size() == records.size());
    return positions;
}

std::vector<Record> numbered(const std::string& topic, int from, int to) {
    std::vector<Record> records;
    for (int i = from; i < to; ++i) {
        records.push_back({.topic = topic, .key = "k", .value = std::to_string(i)});
    }
    return records;
}

std::vector<std::string> values_of(const std::vector<Record>& records) {
    std::vector<std::string> values;
    for (const Record& record : records) values.push_back(record.value);
    return values;
}

std::vector<std::string> numbers(int from, int to) {
    return values_of(numbered("", from, to));
}

/// Reads until `count` records are there, then a moment longer: one too many is seen as well.
std::vector<Record> read_all(Reader& reader, std::size_t count) {
    std::vector<Record> records;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        PollLimits limits;
        limits.wait = 100ms;
        auto more = reader.read(limits);
        if (!more) FAIL(more.error().message);
        records.insert(records.end(), more->begin(), more->end());
        if (more->empty() && records.size() >= count && reader.caught_up()) return records;
        if (std::chrono::steady_clock::now() > deadline) return records;
    }
}

Batch poll_some(Hop& hop, PollLimits limits = {}) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    limits.wait = 100ms;
    for (;;) {
        auto batch = hop.poll(limits);
        if (!batch) FAIL(batch.error().message);
        if (!batch->records.empty()) return std::move(*batch);
        if (std::chrono::steady_clock::now() > deadline) FAIL("nothing came");
    }
}

/// Polls and commits each record as `<value>'` until `count` were seen.
std::vector<std::string> copy_all(Hop& hop, const std::string& output, std::size_t count) {
    std::vector<std::string> seen;
    while (seen.size() < count) {
        const Batch batch = poll_some(hop);
        std::vector<Record> outputs;
        for (const Record& record : batch.records) {
            seen.push_back(record.value);
            outputs.push_back({.topic = output, .value = record.value + "'"});
        }
        const auto committed = hop.commit(batch.bookmark, std::move(outputs));
        if (!committed) FAIL(committed.error().message);
    }
    return seen;
}

std::vector<std::string> primed(int from, int to) {
    auto values = numbers(from, to);
    for (auto& value : values) value += "'";
    return values;
}

}  // namespace

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

    const auto reader = log->reader(topic, From::kStart);
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
    const auto reader = log->reader(topic, From::kStart);
    CHECK(values_of(read_all(*reader, 1000)) == numbers(0, 1000));
}

TEST_CASE("a reader from the end sees what comes later", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(topic, 0, 10));
    const auto reader = log->reader(topic, From::kEnd);
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
    const auto reader = log->reader(topic, From::kStart);
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

TEST_CASE("a poll returns a record that is larger than its limit", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const auto hop = log->hop(topic);
    const std::string large(200'000, 'x');
    send_all(*producer, {{.topic = topic, .value = large}, {.topic = topic, .value = large}});
    PollLimits limits;
    limits.bytes_max = 1000;
    const Batch batch = poll_some(*hop, limits);
    CHECK(values_of(batch.records) == std::vector{large});
}

TEST_CASE("a hop commits outputs and positions together", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 100));
    {
        const auto hop = log->hop(input);
        CHECK(copy_all(*hop, output, 100) == numbers(0, 100));
        send_all(*producer, numbered(input, 100, 200));
        // Polled and never committed: it is the next hop's.
        CHECK_FALSE(poll_some(*hop).records.empty());
    }
    send_all(*producer, numbered(input, 200, 300));
    const auto hop = log->hop(input);
    CHECK(copy_all(*hop, output, 200) == numbers(100, 300));

    const auto reader = log->reader(output, From::kStart);
    CHECK(values_of(read_all(*reader, 300)) == primed(0, 300));
}

TEST_CASE("batches that are open together are committed one after the other", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 20));
    {
        const auto hop = log->hop(input);
        PollLimits limits;
        limits.records_max = 5;
        const Batch first = poll_some(*hop, limits);
        const Batch second = poll_some(*hop, limits);
        CHECK(values_of(first.records) == numbers(0, 5));
        CHECK(values_of(second.records) == numbers(5, 10));
        CHECK(hop->commit(first.bookmark, numbered(output, 0, 5)).has_value());
        CHECK(hop->commit(second.bookmark, numbered(output, 5, 10)).has_value());
        CHECK(hop->keep_alive().has_value());
    }
    const auto hop = log->hop(input);
    CHECK(copy_all(*hop, output, 10) == numbers(10, 20));
}

TEST_CASE("a commit that fails leaves nothing, and its records come again", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 10));
    const auto hop = log->hop(input);
    PollLimits limits;
    limits.records_max = 5;
    const Batch first = poll_some(*hop, limits);
    const Batch second = poll_some(*hop, limits);

    auto outputs = numbered(output, 0, 5);
    outputs.push_back({.topic = "no such name!", .value = "x"});
    CHECK_FALSE(hop->commit(first.bookmark, std::move(outputs)).has_value());
    const auto stale = hop->commit(second.bookmark, numbered(output, 5, 10));
    REQUIRE_FALSE(stale.has_value());
    CHECK(stale.error().reason == Reason::kStale);

    CHECK(copy_all(*hop, output, 10) == numbers(0, 10));
    const auto reader = log->reader(output, From::kStart);
    CHECK(values_of(read_all(*reader, 10)) == primed(0, 10));
}

TEST_CASE("a batch can be committed without rows", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 10));
    {
        const auto hop = log->hop(input);
        const Batch batch = poll_some(*hop);
        CHECK(hop->commit(batch.bookmark, {}).has_value());
    }
    send_all(*producer, numbered(input, 10, 11));
    const auto hop = log->hop(input);
    CHECK(copy_all(*hop, output, 1).back() == "10");
}

TEST_CASE("a note is committed with its offset, and found by the next generation and hop",
          "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(input, 0, 20));
    const std::string first_note = "seen 5", long_note(Bookmark::kNoteBytesMax, 'n');
    const auto put = [&](Bookmark bookmark, const std::string& note) {
        for (auto& next : bookmark.next) {
            CHECK(next.note.empty());
            if (next.partition == sent[0].partition) next.note = note;
        }
        return bookmark;
    };
    const auto found = [&](const Hop& hop) {
        for (const auto& next : hop.committed()) {
            if (next.partition == sent[0].partition) return next;
        }
        return Bookmark::Next{};
    };
    PollLimits limits;
    limits.records_max = 5;
    {
        const auto hop = log->hop(input);
        const Batch first = poll_some(*hop, limits);
        CHECK(found(*hop).note.empty());
        CHECK(hop->commit(put(first.bookmark, first_note), {}).has_value());
        const Batch second = poll_some(*hop, limits);
        // Of the generation's beginning, not of the last commit.
        CHECK(found(*hop).note.empty());
        const auto failed =
            hop->commit(put(second.bookmark, "lost"), {{.topic = "no such name!", .value = "x"}});
        CHECK_FALSE(failed.has_value());
        const Batch again = poll_some(*hop, limits);
        CHECK(values_of(again.records) == numbers(5, 10));
        CHECK(again.bookmark.generation != second.bookmark.generation);
        CHECK(found(*hop) == Bookmark::Next{input, sent[0].partition, sent[5].offset, first_note});
        CHECK(hop->commit(put(again.bookmark, long_note), {}).has_value());
    }
    {
        const auto hop = log->hop(input);
        const Batch third = poll_some(*hop, limits);
        CHECK(values_of(third.records) == numbers(10, 15));
        CHECK(found(*hop) == Bookmark::Next{input, sent[0].partition, sent[10].offset, long_note});
        CHECK(hop->commit(put(third.bookmark, ""), {}).has_value());
    }
    const auto hop = log->hop(input);
    CHECK(values_of(poll_some(*hop, limits).records) == numbers(15, 20));
    CHECK(found(*hop).note.empty());
}

TEST_CASE("a partition that is held gives nothing, and goes on where it stood", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(topic, 0, 3));
    const auto hop = log->hop(topic);
    const Batch first = poll_some(*hop, {.records_max = 2});
    CHECK(values_of(first.records) == numbers(0, 2));
    const TopicPartition partition{topic, first.records[0].partition};
    hop->hold({partition});

    // What was on its way already may come once.
    std::vector<std::string> seen = numbers(0, 2);
    const auto poll_for = [&](std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        std::size_t came = 0;
        while (std::chrono::steady_clock::now() < until) {
            const auto batch = hop->poll({.wait = 20ms});
            REQUIRE(batch);
            for (const Record& record : batch->records) seen.push_back(record.value);
            came += batch->records.size();
        }
        return came;
    };
    poll_for(300ms);
    send_all(*producer, numbered(topic, 3, 6));
    CHECK(poll_for(500ms) == 0);
    REQUIRE(hop->keep_alive());
    CHECK(poll_for(300ms) == 0);  // still held
    hop->hold({});
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (seen.size() < 6 && std::chrono::steady_clock::now() < deadline) poll_for(50ms);
    CHECK(seen == numbers(0, 6));
}

TEST_CASE("the lag is what lies between the committed position and the end", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const auto positions = send_all(*producer, numbered(topic, 0, 5));
    const auto hop = log->hop(topic);
    const auto lag = [&]() -> std::int64_t {
        const auto lags = hop->lags();
        if (!lags) FAIL(lags.error().message);
        for (const PartitionLag& one : *lags) {
            if (one.of == TopicPartition{topic, positions[0].partition})
                return one.end - one.committed;
        }
        return -1;
    };
    const Batch first = poll_some(*hop, {.records_max = 2});
    REQUIRE(first.records.size() == 2);
    CHECK(lag() == 5);
    REQUIRE(hop->commit(first.bookmark, {}));
    CHECK(lag() == 3);
    send_all(*producer, numbered(topic, 5, 6));
    CHECK(lag() == 4);
}

TEST_CASE("a waiting hop sees a new record soon", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 1));
    const auto hop = log->hop(input);
    copy_all(*hop, output, 1);

    std::thread later([&] {
        std::this_thread::sleep_for(150ms);
        producer->send({.topic = input, .value = "1"}, [](auto) {});
    });
    const auto start = std::chrono::steady_clock::now();
    PollLimits limits;
    limits.wait = 10s;
    const auto batch = hop->poll(limits);
    later.join();
    REQUIRE(batch.has_value());
    CHECK(values_of(batch->records) == numbers(1, 2));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

}  // namespace snowline::log::test
