#include "common/log/sqlite/embedded.h"
#include "test/integration/common/temporary_directory.h"

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

Result<Position, Failure> send(Producer& producer, Record record) {
    std::promise<Result<Position, Failure>> answer;
    producer.send(std::move(record), [&](auto given) { answer.set_value(std::move(given)); });
    return answer.get_future().get();
}

/// Sends records of about 1 kB until one is refused.
Failure fill(Producer& producer, const std::string& topic, int records_max) {
    for (int i = 0; i < records_max; ++i) {
        const auto sent = send(producer, {.topic = topic, .value = std::string(1000, 'x')});
        if (!sent) return sent.error();
    }
    return {.reason = Reason::kBroken, .message = "it never became full"};
}

std::vector<Record> read_all(const std::filesystem::path& directory, const std::string& topic) {
    const auto reader = take(open_reader(directory, {topic}, From::kStart));
    std::vector<Record> all;
    while (!reader->caught_up()) {
        auto page = take(reader->read({}));
        all.insert(all.end(), page.begin(), page.end());
    }
    return all;
}

void commit_all(Hop& hop) {
    for (;;) {
        const Batch batch = take(hop.poll({}));
        if (batch.records.empty()) return;
        take(hop.commit(batch.bookmark, {}).map([] { return 0; }));
    }
}

const WriterOptions kSmall{.retention = {.bytes = 400'000}};

}  // namespace

TEST_CASE("a second writer is refused, and told the pid of the first", "[embedded]") {
    const TemporaryDirectory directory;
    auto first = take(open_producer(directory.path(), kCollector));
    const auto second = open_producer(directory.path(), kCollector);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().reason == Reason::kRefused);
    CHECK_THAT(second.error().message,
               Catch::Contains("process " + std::to_string(::getpid()) + " writes here"));

    const auto hop = take(open_hop(directory.path(), "group", {"raw"}));
    CHECK_FALSE(open_hop(directory.path(), "other", {"raw"}).has_value());
    first.reset();
    CHECK(open_producer(directory.path(), kCollector).has_value());
}

TEST_CASE("each writer of a topic is a partition, and all of them are read", "[embedded]") {
    const TemporaryDirectory directory;
    const auto collector = take(open_producer(directory.path(), kCollector));
    const auto replay = take(open_producer(directory.path(), kReplay));
    const auto hop = take(open_hop(directory.path(), "group", {"raw"}));
    CHECK(send(*collector, {.topic = "raw", .value = "a"})->partition == 0);
    CHECK(send(*replay, {.topic = "raw", .value = "b"})->partition == 2);
    const Batch batch = take(hop->poll({}));
    CHECK(batch.records.size() == 2);
    REQUIRE(hop->commit(batch.bookmark, {{.topic = "bad", .value = "c"}}).has_value());
    CHECK(send(*collector, {.topic = "bad", .value = "d"}).has_value());
    CHECK(read_all(directory.path(), "bad").size() == 2);
}

TEST_CASE("what the hop has not read is never trimmed; full is an answer", "[embedded]") {
    const TemporaryDirectory directory;
    const auto producer = take(open_producer(directory.path(), kCollector, kSmall));

    SECTION("no hop was ever here") {}
    SECTION("a hop was here, and has read nothing") {
        take(open_hop(directory.path(), "group", {"raw"}));
    }
    const Failure full = fill(*producer, "raw", 2000);
    CHECK(full.reason == Reason::kFull);
    CHECK_FALSE(full.possibly_written);
    const auto kept = read_all(directory.path(), "raw");
    CHECK(kept.front().offset == 0);
    CHECK(kept.size() > 200);

    // Once it is read there is room again.
    {
        const auto hop = take(open_hop(directory.path(), "group", {"raw"}));
        commit_all(*hop);
    }
    CHECK(fill(*producer, "raw", 100).reason == Reason::kBroken);
    const auto later = take(open_hop(directory.path(), "group", {"raw"}));
    CHECK(take(later->poll({})).records.front().offset == static_cast<int>(kept.size()));
}

TEST_CASE("what nobody but readers reads is trimmed by size, the oldest first", "[embedded]") {
    const TemporaryDirectory directory;
    const auto hop = take(open_hop(directory.path(), "group", {"raw"}, kSmall));
    for (int i = 0; i < 100; ++i) {
        std::vector<Record> rows(20, {.topic = "good", .value = std::string(1000, 'x')});
        REQUIRE(hop->commit({.next = {}, .generation = 1}, std::move(rows)).has_value());
    }
    const auto kept = read_all(directory.path(), "good");
    CHECK(kept.back().offset == 1999);
    CHECK(kept.size() < 1000);
    CHECK(kept.size() > 20);
    CHECK(std::filesystem::file_size(directory.path() / "rows.db") < 2'000'000);
}

TEST_CASE("what is too old is trimmed, also while nothing is sent", "[embedded]") {
    const TemporaryDirectory directory;
    const auto hop = take(open_hop(directory.path(), "group", {"raw"}));
    WriterOptions options;
    options.retention.age = 1s;
    const auto producer = take(open_producer(directory.path(), kCollector, options));
    REQUIRE(send(*producer, {.topic = "bad", .value = "x"}).has_value());
    REQUIRE(send(*producer, {.topic = "raw", .value = "x"}).has_value());
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    const auto old_is_gone = [&] {
        return take(take(open_reader(directory.path(), {"bad"}, From::kStart))->read({})).empty();
    };
    while (!old_is_gone() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(50ms);
    }
    CHECK(old_is_gone());
    CHECK(read_all(directory.path(), "raw").size() == 1);  // the hop has not read it
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
            if (!answer && answer.error().reason == Reason::kFull) ++full;
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
    CHECK_FALSE(open_reader(directory.path(), {"raw"}, From::kStart).has_value());
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

        const auto hop = take(open_hop(directory.path(), "group", {"raw"}));
        std::vector<int> read;
        for (;;) {
            const Batch batch = take(hop->poll({}));
            if (batch.records.empty()) break;
            for (const Record& record : batch.records) read.push_back(std::stoi(record.value));
            REQUIRE(hop->commit(batch.bookmark, {}).has_value());
        }
        REQUIRE(read.size() >= acknowledged.size());
        CHECK(std::equal(acknowledged.begin(), acknowledged.end(), read.begin()));
    }
}

}  // namespace snowline::log::sqlite
