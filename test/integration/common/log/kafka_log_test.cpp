#include "common/log/kafka/kafka.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include <catch2/catch.hpp>
#include <unistd.h>

/// What is special about the log on Kafka: partitions, groups, fencing, settings. What it shares is
/// in log_contract_test.cpp. Needs SNOWLINE_KAFKA=host:port, but for settings; two tests need a new
/// topic of four partitions each (test/integration/test_kafka_log.py makes them).
namespace snowline::log::kafka {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
constexpr auto kPatience = 30s;

template <class T>
T take(Result<T, Failure> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

/// librdkafka starts its threads by C11's thrd_create, which TSan does not know and crashes on.
#ifdef __SANITIZE_THREAD__
constexpr bool kClientsWork = false;
#else
constexpr bool kClientsWork = true;
#endif

const char* brokers() {
    return kClientsWork ? std::getenv("SNOWLINE_KAFKA") : nullptr;
}

std::string new_name(const std::string& what) {
    static int count = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return what + "-" + std::to_string(::getpid()) + "-" + std::to_string(now) + "-" +
           std::to_string(++count);
}

Options options_for(std::vector<std::string> topics) {
    return {.brokers = brokers(), .topics = std::move(topics), .create_topics = true};
}

GroupOptions group_options(const std::string& input, const std::string& output,
                           const std::string& instance) {
    GroupOptions options{.input = options_for({input}),
                         .outputs = {output},
                         .group = "group-of-" + input,
                         .instance = instance};
    // A static member that goes is missed only then; brokers accept no less.
    options.input.settings["session.timeout.ms"] = "6000";
    return options;
}

/// One step of copying input to output. A failed commit is no news: its records come again.
std::size_t copy_some(GroupMember& group, const std::string& output) {
    PollLimits limits;
    limits.records_max = 50;
    limits.wait = 50ms;
    const auto batch = group.poll(limits);
    if (!batch || batch->records.empty()) return 0;
    std::vector<Record> outputs;
    for (const Record& record : batch->records) {
        outputs.push_back({.topic = output, .key = record.key, .value = record.value});
    }
    return group.commit(batch->offsets, std::move(outputs)) ? batch->records.size() : 0;
}

std::vector<Record> read_all(const std::string& topic, std::size_t count) {
    const auto reader = take(open_reader(options_for({}), {.topics = {topic}}));
    std::vector<Record> all;
    for (const auto end = Clock::now() + kPatience; Clock::now() < end;) {
        const auto page = take(reader->read({}));
        all.insert(all.end(), page.begin(), page.end());
        if (page.empty() && reader->caught_up() && all.size() >= count) break;
    }
    return all;
}

void send(const std::string& topic, int from, int to) {
    const auto producer = take(open_producer(options_for({topic})));
    for (int i = from; i < to; ++i) {
        const std::string text = std::to_string(i);
        producer->send({.topic = topic, .key = text, .value = text}, [](auto answer) {
            if (!answer) std::abort();
        });
    }
    REQUIRE(producer->flush(kPatience).has_value());
}

}  // namespace

TEST_CASE("a setting that nobody knows is an error that names it", "[kafka]") {
    if (!kClientsWork) return;
    const auto producer =
        open_producer({.brokers = "127.0.0.1:1", .topics = {}, .settings = {{"linger.mss", "1"}}});
    REQUIRE_FALSE(producer.has_value());
    CHECK(producer.error().reason == Reason::kRefused);
    CHECK_THAT(producer.error().message, Catch::Contains("linger.mss: neither"));
    const auto value = open_producer(
        {.brokers = "127.0.0.1:1", .topics = {}, .settings = {{"linger.ms", "soon"}}});
    REQUIRE_FALSE(value.has_value());
    CHECK_THAT(value.error().message, Catch::Contains("linger.ms: "));
}

TEST_CASE("brokers that cannot be reached: records wait, and a full queue is an answer",
          "[kafka]") {
    if (!kClientsWork) return;
    std::size_t full = 0, unavailable = 0, other = 0;
    std::mutex mutex;
    {
        auto opened = open_producer({.brokers = "127.0.0.1:1",
                                     .topics = {"raw"},
                                     .settings = {{"buffer.memory", "1048576"}},
                                     .start_within = 200ms,
                                     .stop_within = 200ms});
        const auto producer = take(std::move(opened));
        for (int i = 0; i < 100; ++i) {
            producer->send({.topic = "raw", .value = std::string(100'000, 'x')}, [&](auto answer) {
                const std::lock_guard lock(mutex);
                const bool queue_full = !answer && answer.error().reason == Reason::kQueueFull;
                const bool purged = !answer && answer.error().reason == Reason::kUnavailable;
                ++(queue_full ? full : purged ? unavailable : other);
            });
        }
        CHECK(full >= 85);
        CHECK(full < 100);
        CHECK_FALSE(producer->flush(100ms).has_value());
    }
    CHECK(full + unavailable == 100);
    CHECK(other == 0);
}

TEST_CASE("a missing topic is an error that says how to create it", "[kafka]") {
    if (!brokers()) return;
    const std::string topic = new_name("missing");
    Options options = options_for({topic});
    options.create_topics = false;
    const std::string command = std::string("kafka-topics.sh --bootstrap-server ") + brokers() +
                                " --create --topic " + topic;
    const auto producer = open_producer(options);
    REQUIRE_FALSE(producer.has_value());
    CHECK(producer.error().reason == Reason::kUnknownTopic);
    CHECK_THAT(producer.error().message, Catch::Contains(command));
    const auto group = join_group({.input = options,
                                   .outputs = {},
                                   .producer_settings = {},
                                   .group = "g",
                                   .instance = "missing"});
    REQUIRE_FALSE(group.has_value());
    CHECK_THAT(group.error().message, Catch::Contains(command));
    CHECK_FALSE(open_reader(options, {.topics = {topic}}).has_value());
}

TEST_CASE("a member says which topics cannot be written, and what their records may have",
          "[kafka]") {
    if (!brokers()) return;
    const std::string input = new_name("written-in"), output = new_name("written-out");
    const std::string missing = new_name("written-nowhere");
    send(input, 0, 1);
    const auto group = take(join_group(group_options(input, output, "written")));
    const auto unwritable = group->unwritable({output, missing});
    REQUIRE(unwritable.has_value());
    REQUIRE(unwritable->size() == 1);
    CHECK(unwritable->front().topic == missing);
    CHECK(unwritable->front().reason == Reason::kUnknownTopic);
    CHECK_THAT(unwritable->front().message, Catch::Contains("--create --topic " + missing));
    // The client's 1,048,576 and the topic's 1,048,588, without what is around a record.
    CHECK(group->record_limits({output}).at(output) == 1'048'376);
}

TEST_CASE("a commit that finds no producer leaves nothing, and its records come again", "[kafka]") {
    if (!brokers()) return;
    const std::string input = new_name("no-producer-in"), output = new_name("no-producer-out");
    const auto folder = std::filesystem::temp_directory_path() / new_name("no-producer");
    std::filesystem::create_directory(folder);
    const auto setting = folder / "linger";
    std::ofstream(setting) << "5";
    send(input, 0, 20);
    GroupOptions options = group_options(input, output, "no-producer");
    // More than a topic takes: once its limit is known there has to be another producer. Each one
    // reads the file.
    options.producer_settings["batch.size"] = "2000000";
    options.producer_settings["linger.ms"] = "${directory:" + folder.string() + ":linger}";
    const auto group = take(join_group(options));
    const auto poll_ten = [&] {
        PollLimits limits;
        limits.records_max = 10;
        for (const auto end = Clock::now() + kPatience; Clock::now() < end;) {
            auto batch = take(group->poll(limits));
            if (!batch.records.empty()) return batch;
        }
        FAIL("nothing is polled");
        return Batch{};
    };
    const Batch first = poll_ten();
    CHECK(group->record_limits({output}).at(output) > 0);
    std::filesystem::remove(setting);
    CHECK_FALSE(group->commit(first.offsets, {{.topic = output, .value = "lost"}}).has_value());
    std::ofstream(setting) << "5";

    const Batch again = poll_ten();
    CHECK(again.offsets.generation > first.offsets.generation);
    CHECK(again.records.front().offset == first.records.front().offset);
    const auto stale = group->commit(first.offsets, {{.topic = output, .value = "stale"}});
    REQUIRE_FALSE(stale.has_value());
    CHECK(stale.error().reason == Reason::kStale);
    REQUIRE(group->commit(again.offsets, {{.topic = output, .value = "once"}}).has_value());
    std::size_t copied = again.records.size();
    for (const auto end = Clock::now() + kPatience; copied < 20 && Clock::now() < end;) {
        copied += copy_some(*group, output);
    }
    CHECK(copied == 20);
    CHECK(read_all(output, 1 + 20 - again.records.size()).front().value == "once");
    std::filesystem::remove_all(folder);
}

TEST_CASE("two members share a group; joining and leaving doubles and loses nothing", "[kafka]") {
    const char* prepared = std::getenv("SNOWLINE_KAFKA_SHARED_TOPIC");
    if (!brokers() || !prepared) return;
    const std::string input = prepared, output = new_name("shared-out");
    int count = 4000;
    send(input, 0, count);

    auto first = take(join_group(group_options(input, output, "one")));
    std::size_t by_first = 0, by_second = 0;
    const auto deadline = Clock::now() + kPatience;
    while (by_first < std::size_t{500} && Clock::now() < deadline)
        by_first += copy_some(*first, output);
    auto second = take(join_group(group_options(input, output, "two")));
    while (by_second < std::size_t{500} && Clock::now() < deadline) {
        by_first += copy_some(*first, output);
        // However fast the first one is, something is left when the second one has joined.
        if (by_first + by_second + 500 > static_cast<std::size_t>(count)) {
            send(input, count, count + 1000);
            count += 1000;
        }
        by_second += copy_some(*second, output);
    }
    CHECK(by_second > 0);
    // Polled, not committed, and gone: the other one takes it over.
    (void)first->poll({});
    first.reset();
    std::size_t total = by_first + by_second;
    while (total < static_cast<std::size_t>(count) && Clock::now() < deadline)
        total += copy_some(*second, output);

    std::multiset<std::string> values;
    std::map<std::int32_t, int> last_of;
    for (const Record& record : read_all(output, count)) values.insert(record.value);
    CHECK(values.size() == static_cast<std::size_t>(count));
    CHECK(std::set<std::string>(values.begin(), values.end()).size() ==
          static_cast<std::size_t>(count));
}

TEST_CASE("a second process of the same name fences the first", "[kafka]") {
    if (!brokers()) return;
    const std::string input = new_name("fenced-in"), output = new_name("fenced-out");
    send(input, 0, 100);
    const auto first = take(join_group(group_options(input, output, "same")));
    std::optional<Batch> batch;
    for (const auto end = Clock::now() + kPatience; Clock::now() < end;) {
        batch = take(first->poll({}));
        if (!batch->records.empty()) break;
    }
    REQUIRE_FALSE(batch->records.empty());
    const auto second = take(join_group(group_options(input, output, "same")));
    CHECK_FALSE(first->commit(batch->offsets, {{.topic = output, .value = "first"}}).has_value());

    std::size_t copied = 0;
    for (const auto end = Clock::now() + kPatience; copied < 100 && Clock::now() < end;) {
        copied += copy_some(*second, output);
    }
    CHECK(copied == 100);
    const auto rows = read_all(output, 100);
    CHECK(rows.size() == 100);
    for (const Record& row : rows) CHECK(row.value != "first");
}

TEST_CASE("a member that has no room keeps its partitions, and loses nothing", "[kafka]") {
    if (!brokers()) return;
    const std::string input = new_name("paused-in"), output = new_name("paused-out");
    send(input, 0, 500);
    GroupOptions options = group_options(input, output, "paused");
    options.input.settings["max.poll.interval.ms"] = "10000";
    const auto group = take(join_group(options));
    const auto end = Clock::now() + kPatience;
    std::size_t copied = 0;
    while (copied == 0 && Clock::now() < end) copied += copy_some(*group, output);
    for (int i = 0; i < 20; ++i) {
        REQUIRE(group->keep_alive().has_value());
        ::usleep(20'000);
    }
    while (copied < 500 && Clock::now() < end) copied += copy_some(*group, output);
    CHECK(copied == 500);
    CHECK(read_all(output, 500).size() == 500);
}

/// Positions that Kafka's Java clients (murmur2) give these keys among 4 partitions.
TEST_CASE("keys are placed where Java clients place them", "[kafka]") {
    const char* prepared = std::getenv("SNOWLINE_KAFKA_KEYS_TOPIC");
    if (!brokers() || !prepared) return;
    // From Kafka's own UtilsTest: murmur2("21") = -973932308, murmur2("foobar") = -790332482,
    // murmur2("a-little-bit-long-string") = -985981536, murmur2("abc") = 479470107.
    const std::map<std::string, std::int32_t> hashes{{"21", -973932308},
                                                     {"foobar", -790332482},
                                                     {"a-little-bit-long-string", -985981536},
                                                     {"abc", 479470107}};
    const auto producer = take(open_producer(options_for({prepared})));
    for (const auto& [key, hash] : hashes) {
        std::int32_t partition = -1;
        producer->send({.topic = prepared, .key = key, .value = "0"}, [&](auto answer) {
            if (answer) partition = answer->partition;
        });
        REQUIRE(producer->flush(kPatience).has_value());
        CHECK(partition == (hash & 0x7fffffff) % 4);
    }
    std::optional<Failure> wrong;
    producer->send(
        {.topic = prepared, .key = "k", .value = "0", .headers = {{"a", "b"}}, .partition = 4},
        [&](auto answer) {
            if (!answer) wrong = answer.error();
        });
    REQUIRE(wrong.has_value());
    CHECK(wrong->reason == Reason::kUnknownPartition);
}

}  // namespace snowline::log::kafka
