#include "common/log/spool/spool.h"

#include "test/integration/common/log/temporary_directory.h"

#include <csignal>
#include <future>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace snowline::log::spool {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;

template <class T>
T take(Result<T, Failure> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

std::unique_ptr<Spool> open(const TemporaryDirectory& directory, Options options = {}) {
    return take(open_spool(directory.path(), std::move(options)));
}

Record record(const std::string& value) {
    Record made{
        .topic = "raw", .key = "key", .value = value, .headers = {{"snowline-id", "u:2:7"}}};
    made.partition = 2;
    made.timestamp_ms = 1'700'000'000'000;
    return made;
}

Result<std::int64_t, Failure> append(Spool& spool, Record given, Hold hold = Hold::kNone) {
    std::promise<Result<std::int64_t, Failure>> answer;
    spool.append({.record = std::move(given), .hold = hold, .stored = [&](auto stored) {
                      answer.set_value(std::move(stored));
                  }});
    return answer.get_future().get();
}

std::vector<std::string> values(const std::vector<Entry>& entries) {
    std::vector<std::string> out;
    for (const Entry& entry : entries) out.push_back(entry.record.value);
    return out;
}

using Values = std::vector<std::string>;

void wait_until_empty(const Spool& spool) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (spool.level().records != 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(5ms);
    }
    CHECK(spool.level().records == 0);
}

}  // namespace

TEST_CASE("a spool gives back what was stored, in order and whole, also to the next process",
          "[spool]") {
    const TemporaryDirectory directory;
    {
        const auto spool = open(directory);
        for (const char* value : {"a", "b", "c"}) {
            CHECK(append(*spool, record(value)).has_value());
        }
        CHECK(spool->level().records == 3);
        CHECK(spool->level().oldest_ms == 1'700'000'000'000);
    }
    const auto spool = open(directory);
    CHECK(spool->level().records == 3);
    const auto entries = take(spool->take({}));
    REQUIRE(values(entries) == Values{"a", "b", "c"});
    const Record& first = entries.front().record;
    CHECK(first.topic == "raw");
    CHECK(first.key == "key");
    CHECK(first.partition == 2);
    CHECK(first.timestamp_ms == 1'700'000'000'000);
    CHECK(first.headers == std::vector<Header>{{"snowline-id", "u:2:7"}});
    CHECK(take(spool->take({})).empty());  // they are held
    for (const Entry& entry : entries) spool->remove(entry.number);
    wait_until_empty(*spool);
}

TEST_CASE("what its sender holds is not given to others before it is released", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    const auto held = take(append(*spool, record("held"), Hold::kSender));
    const auto gone = take(append(*spool, record("gone"), Hold::kSender));
    take(append(*spool, record("free")));
    const auto first = take(spool->take({}));
    CHECK(values(first) == Values{"free"});
    spool->remove(gone);
    spool->release(held);
    CHECK(values(take(spool->take({}))) == Values{"held"});
    spool->release(first.front().number);
    CHECK(values(take(spool->take({}))) == Values{"free"});
}

TEST_CASE("a take ends at its limits and the next one goes on", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    for (int i = 0; i < 5; ++i) take(append(*spool, record(std::to_string(i))));
    CHECK(values(take(spool->take({.records_max = 2}))) == Values{"0", "1"});
    CHECK(values(take(spool->take({.bytes_max = 1}))) == Values{"2"});
    CHECK(values(take(spool->take({}))) == Values{"3", "4"});
}

TEST_CASE("entries that are held are read again by their numbers", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    for (const char* value : {"a", "b", "c"}) take(append(*spool, record(value)));
    const auto entries = take(spool->take({}));
    REQUIRE(entries.size() == 3);
    spool->remove(entries[1].number);
    while (spool->level().records != 2) std::this_thread::sleep_for(5ms);
    CHECK(values(take(spool->read({entries[2].number, entries[1].number, entries[0].number}))) ==
          Values{"c", "a"});
    CHECK(take(spool->take({})).empty());
}

TEST_CASE("a take leaves out the bytes of entries of which only the place is wanted", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    Record other = record("other");
    other.partition = 3;
    take(append(*spool, record("a")));
    take(append(*spool, other));
    Spool::TakeLimits limits;
    limits.only_place = [](const std::string& topic, std::int32_t partition) {
        return topic == "raw" && partition == 3;
    };
    const auto entries = take(spool->take(limits));
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].is_whole);
    CHECK(entries[0].record.value == "a");
    CHECK_FALSE(entries[1].is_whole);
    CHECK(entries[1].record.value.empty());
    CHECK(entries[1].record.partition == 3);
    CHECK(values(take(spool->read({entries[1].number}))) == Values{"other"});
}

TEST_CASE("a record that replaces another comes as that one goes", "[spool]") {
    const TemporaryDirectory directory;
    {
        const auto spool = open(directory);
        const auto old = take(append(*spool, record("old")));
        CHECK(take(spool->take({})).size() == 1);
        std::promise<bool> stored;
        spool->append({.record = record("new"), .replaces = old, .stored = [&](auto number) {
                           stored.set_value(number.has_value());
                       }});
        CHECK(stored.get_future().get());
        CHECK(spool->level().records == 1);
        CHECK(values(take(spool->take({}))) == Values{"new"});
        CHECK(take(spool->read({old})).empty());
    }
    CHECK(values(take(open(directory)->take({}))) == Values{"new"});
}

TEST_CASE("what is not wanted any more is not written", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    std::promise<bool> stored;
    spool->append({.record = record("late"),
                   .wanted = [] { return false; },
                   .stored = [&](auto number) { stored.set_value(number.has_value()); }});
    CHECK_FALSE(stored.get_future().get());
    CHECK(spool->level().records == 0);
}

TEST_CASE("a full spool says so, and takes records again when some are gone", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory, {.bytes_max = 300'000});
    int stored = 0;
    Result<std::int64_t, Failure> answer = 0;
    while ((answer = append(*spool, record(std::string(10'000, 'x')))) && stored < 100) ++stored;
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().reason == Reason::kFull);
    CHECK(stored > 15);
    CHECK(spool->health() == Health::kFull);
    CHECK(spool->level().bytes <= 300'000);
    for (const Entry& entry : take(spool->take({.records_max = 10}))) spool->remove(entry.number);
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (spool->health() != Health::kTakes && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(5ms);
    }
    CHECK(append(*spool, record("again")).has_value());
}

TEST_CASE("a disk that has little room left counts as full", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory, {.disk_bytes_free_min = std::uint64_t{1} << 60});
    const auto answer = append(*spool, record("a"));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().reason == Reason::kFull);
}

TEST_CASE("a spool has one owner, and can be looked at by others", "[spool]") {
    const TemporaryDirectory directory;
    const auto spool = open(directory);
    take(append(*spool, record("a")));
    const auto second = open_spool(directory.path(), {});
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().reason == Reason::kRefused);
    CHECK_THAT(second.error().message, Catch::Contains("process " + std::to_string(::getpid())));
    const auto page = take(read_page(directory.path(), 0));
    CHECK(values(page) == Values{"a"});
    CHECK(take(read_page(directory.path(), page.back().number)).empty());
    CHECK_FALSE(read_page(directory.path() / "nothing", 0).has_value());
}

/// The child says each stored number on a pipe, and is killed in the midst of it.
TEST_CASE("what was stored before a kill is there afterwards", "[spool]") {
    const TemporaryDirectory directory;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        auto spool = open_spool(directory.path(), {});
        if (!spool) ::_exit(1);
        for (int i = 0;; ++i) {
            (*spool)->append({.record = record(std::to_string(i)), .stored = [&, i](auto stored) {
                                  if (stored && ::write(ends[1], &i, sizeof i) != sizeof i) {
                                      ::_exit(1);
                                  }
                              }});
            if (i % 10 == 0) ::usleep(100);
        }
    }
    ::close(ends[1]);
    std::vector<int> stored;
    for (int number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
        stored.push_back(number);
        if (stored.size() == 2000) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(stored.size() >= 2000);

    const auto spool = open(directory);
    std::vector<int> found;
    for (;;) {
        const auto page = take(spool->take({}));
        if (page.empty()) break;
        for (const Entry& entry : page) found.push_back(std::stoi(entry.record.value));
    }
    REQUIRE(found.size() >= stored.size());
    CHECK(std::equal(stored.begin(), stored.end(), found.begin()));
}

}  // namespace snowline::log::spool
