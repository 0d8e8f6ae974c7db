#include "common/log/sqlite/embedded.h"
#include "test/integration/common/log/temporary_directory.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <future>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

/// What is special about the log in a directory; what it shares is in log_contract_test.cpp.
namespace snowline::log::sqlite {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;

template <class T>
T take(Result<T, Failure> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

Result<Position, Failure> send(DurableProducer& producer, Record record) {
    std::promise<Result<Position, Failure>> answer;
    producer.send(std::move(record), [&](auto given) { answer.set_value(std::move(given)); });
    return answer.get_future().get();
}

/// Sends records of about 1 kB until one is refused.
Failure fill(DurableProducer& producer, const std::string& topic, int records_max) {
    for (int i = 0; i < records_max; ++i) {
        const auto sent = send(producer, {.topic = topic, .value = std::string(1000, 'x')});
        if (!sent) return sent.error();
    }
    return {.reason = Reason::kBroken, .message = "it never became full"};
}

std::vector<Record> read_all(const std::filesystem::path& directory, const std::string& topic) {
    const auto reader = take(open_reader(directory, {.topics = {topic}}));
    std::vector<Record> all;
    while (!reader->caught_up()) {
        auto page = take(reader->read({}));
        all.insert(all.end(), page.begin(), page.end());
    }
    return all;
}

void commit_all(GroupMember& group) {
    for (;;) {
        const Batch batch = take(group.poll({}));
        if (batch.records.empty()) return;
        take(group.commit(batch.offsets, {}).map([] { return 0; }));
    }
}

const WriterOptions kSmall{.retention = {.bytes = 400'000}};

}  // namespace

TEST_CASE("a time is found among many records that are not quite in order", "[embedded]") {
    const TemporaryDirectory directory;
    constexpr std::int64_t kBase = 1'700'000'000'000;
    std::vector<std::int64_t> times;
    {
        const auto producer = take(open_producer(directory.path(), kCollector));
        for (int i = 0; i < 3000; ++i) {
            // A record a second; each may be older than one before it by less than a minute.
            times.push_back(kBase + i * 1000 + i * 7919 % 58 * 1000);
            producer->send({.topic = "raw", .value = "x", .timestamp_ms = times.back()},
                           [](auto) {});
        }
        REQUIRE(producer->flush(20s).has_value());
    }
    std::vector<std::int64_t> looked_for{0, kBase, times.back(), kBase + 3'200'000};
    for (int i = 0; i < 200; ++i) looked_for.push_back(kBase + i * 15'361);
    for (const std::int64_t ms : looked_for) {
        CAPTURE(ms - kBase);
        const auto first =
            std::find_if(times.begin(), times.end(), [&](std::int64_t time) { return time >= ms; });
        const auto reader =
            take(open_reader(directory.path(), {.topics = {"raw"}, .from = Range::Time{ms}}));
        const auto records = take(reader->read({.records_max = 1, .wait = 0ms}));
        REQUIRE(records.empty() == (first == times.end()));
        if (records.empty()) continue;
        CHECK(records[0].offset == first - times.begin());
    }
}

TEST_CASE("an offset needs the partition's number where two writers have the topic", "[embedded]") {
    const TemporaryDirectory directory;
    const auto producer = take(open_producer(directory.path(), kCollector));
    REQUIRE(send(*producer, {.topic = "bad", .value = "0"}).has_value());
    REQUIRE(send(*producer, {.topic = "bad", .value = "1"}).has_value());
    const Range from_one{.topics = {"bad"}, .from = Range::Offset{1}};
    CHECK(take(take(open_reader(directory.path(), from_one))->read({})).size() == 1);
    const auto group = take(join_group(directory.path(), "group", {"raw"}));
    REQUIRE(group->commit({.next = {}, .generation = 1}, {{.topic = "bad", .value = "2"}}));
    const auto ambiguous = open_reader(directory.path(), from_one);
    REQUIRE_FALSE(ambiguous.has_value());
    CHECK_THAT(ambiguous.error().message, Catch::Contains("name one of them"));
    Range of_rows = from_one;
    of_rows.partitions = std::vector{kEnricher.partition};
    of_rows.from = Range::Offset{0};
    const auto records = take(take(open_reader(directory.path(), of_rows))->read({}));
    REQUIRE(records.size() == 1);
    CHECK(records[0].value == "2");
}

TEST_CASE("a second writer is refused, and told the pid of the first", "[embedded]") {
    const TemporaryDirectory directory;
    auto first = take(open_producer(directory.path(), kCollector));
    const auto second = open_producer(directory.path(), kCollector);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().reason == Reason::kRefused);
    CHECK_THAT(second.error().message,
               Catch::Contains("process " + std::to_string(::getpid()) + " writes here"));

    const auto group = take(join_group(directory.path(), "group", {"raw"}));
    CHECK_FALSE(join_group(directory.path(), "other", {"raw"}).has_value());
    first.reset();
    CHECK(open_producer(directory.path(), kCollector).has_value());
}

TEST_CASE("each writer of a topic is a partition, and all of them are read", "[embedded]") {
    const TemporaryDirectory directory;
    const auto collector = take(open_producer(directory.path(), kCollector));
    const auto replay = take(open_producer(directory.path(), kReplay));
    const auto group = take(join_group(directory.path(), "group", {"raw"}));
    CHECK(send(*collector, {.topic = "raw", .value = "a"})->partition == 0);
    CHECK(send(*replay, {.topic = "raw", .value = "b"})->partition == 2);
    const Batch batch = take(group->poll({}));
    CHECK(batch.records.size() == 2);
    REQUIRE(group->commit(batch.offsets, {{.topic = "bad", .value = "c"}}).has_value());
    CHECK(send(*collector, {.topic = "bad", .value = "d"}).has_value());
    CHECK(read_all(directory.path(), "bad").size() == 2);
}

TEST_CASE("what the group has not read is never trimmed; full is an answer", "[embedded]") {
    const TemporaryDirectory directory;
    const auto producer = take(open_producer(directory.path(), kCollector, kSmall));

    SECTION("no group was ever here") {}
    SECTION("a group was here, and has read nothing") {
        take(join_group(directory.path(), "group", {"raw"}));
    }
    const Failure full = fill(*producer, "raw", 2000);
    CHECK(full.reason == Reason::kFull);
    CHECK_FALSE(full.possibly_written);
    const auto refused = producer->probe(1s);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == Reason::kFull);
    const auto kept = read_all(directory.path(), "raw");
    CHECK(kept.front().offset == 0);
    CHECK(kept.size() > 200);

    // Once it is read there is room again.
    {
        const auto group = take(join_group(directory.path(), "group", {"raw"}));
        commit_all(*group);
    }
    // The writer finds out by itself, without a record.
    for (int i = 0; i < 200 && !producer->probe(1s); ++i) std::this_thread::sleep_for(100ms);
    CHECK(producer->probe(1s).has_value());
    CHECK(fill(*producer, "raw", 100).reason == Reason::kBroken);
    const auto later = take(join_group(directory.path(), "group", {"raw"}));
    CHECK(take(later->poll({})).records.front().offset == static_cast<int>(kept.size()));
}

TEST_CASE("what nobody but readers reads is trimmed by size, the oldest first", "[embedded]") {
    const TemporaryDirectory directory;
    const auto group = take(join_group(directory.path(), "group", {"raw"}, kSmall));
    for (int i = 0; i < 100; ++i) {
        std::vector<Record> rows(20, {.topic = "good", .value = std::string(1000, 'x')});
        REQUIRE(group->commit({.next = {}, .generation = 1}, std::move(rows)).has_value());
    }
    const auto kept = read_all(directory.path(), "good");
    CHECK(kept.back().offset == 1999);
    CHECK(kept.size() < 1000);
    CHECK(kept.size() > 20);
    CHECK(std::filesystem::file_size(directory.path() / "rows.db") < 2'000'000);
}

TEST_CASE("what is too old is trimmed, also while nothing is sent", "[embedded]") {
    const TemporaryDirectory directory;
    const auto group = take(join_group(directory.path(), "group", {"raw"}));
    WriterOptions options;
    options.retention.age = 1s;
    const auto producer = take(open_producer(directory.path(), kCollector, options));
    REQUIRE(send(*producer, {.topic = "bad", .value = "x"}).has_value());
    REQUIRE(send(*producer, {.topic = "raw", .value = "x"}).has_value());
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    const auto old_is_gone = [&] {
        return take(take(open_reader(directory.path(), {.topics = {"bad"}}))->read({})).empty();
    };
    while (!old_is_gone() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(50ms);
    }
    CHECK(old_is_gone());
    CHECK(read_all(directory.path(), "raw").size() == 1);  // the group has not read it
}

TEST_CASE("a full queue is an answer at once", "[embedded]") {
    const TemporaryDirectory directory;
    WriterOptions options;
    options.queue_bytes_max = 100'000;
    const auto producer = take(open_producer(directory.path(), kCollector, options));
    std::atomic<int> durable = 0, full = 0;
    for (int i = 0; i < 2000; ++i) {
        producer->send({.topic = "raw", .value = std::string(10'000, 'x')}, [&](auto answer) {
            if (answer) ++durable;
            if (!answer && answer.error().reason == Reason::kQueueFull) ++full;
        });
    }
    REQUIRE(producer->flush(20s).has_value());
    CHECK(durable + full == 2000);
    CHECK(full > 0);
    CHECK(read_all(directory.path(), "raw").size() == static_cast<std::size_t>(durable));

    // Larger than the queue, and alone: it passes. Larger than a record may be: it never does.
    CHECK(send(*producer, {.topic = "raw", .value = std::string(200'000, 'x')}).has_value());
    const auto large = send(*producer, {.topic = "raw", .value = std::string(17 << 20, 'x')});
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().reason == Reason::kTooLarge);
}

TEST_CASE("a foreign file is not touched", "[embedded]") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path() / "raw.db") << "this is no database, and someone wants it back";
    const auto producer = open_producer(directory.path(), kCollector);
    REQUIRE_FALSE(producer.has_value());
    CHECK_THAT(producer.error().message, Catch::Contains("not a database"));
    CHECK_FALSE(open_reader(directory.path(), {.topics = {"raw"}}).has_value());
}

/// The child says each acknowledged number on a pipe, and is killed in the midst of it.
TEST_CASE("what was acknowledged before a kill is there afterwards", "[embedded]") {
    const TemporaryDirectory directory;
    for (int round = 0; round < 3; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            const auto producer = open_producer(directory.path(), kCollector);
            if (!producer) ::_exit(1);
            for (int i = 0;; ++i) {
                (*producer)->send({.topic = "raw", .value = std::to_string(i)},
                                  [&, i](auto answer) {
                                      if (answer && ::write(ends[1], &i, sizeof i) != sizeof i)
                                          ::_exit(1);
                                  });
                if (i % 10 == 0) ::usleep(100);
            }
        }
        ::close(ends[1]);
        std::vector<int> acknowledged;
        for (int number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
            acknowledged.push_back(number);
            if (acknowledged.size() == 3000) ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        REQUIRE(acknowledged.size() >= 3000);

        const auto group = take(join_group(directory.path(), "group", {"raw"}));
        std::vector<int> read;
        for (;;) {
            const Batch batch = take(group->poll({}));
            if (batch.records.empty()) break;
            for (const Record& record : batch.records) read.push_back(std::stoi(record.value));
            REQUIRE(group->commit(batch.offsets, {}).has_value());
        }
        REQUIRE(read.size() >= acknowledged.size());
        CHECK(std::equal(acknowledged.begin(), acknowledged.end(), read.begin()));
    }
}

}  // namespace snowline::log::sqlite
