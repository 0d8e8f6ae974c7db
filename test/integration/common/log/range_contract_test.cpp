#include "test/integration/common/log/log_contract.h"

/// What every log promises of a Range (common/log/log.h), on each of them.
namespace snowline::log::test {
namespace {

/// An hour ago, so that no log finds the records too old to keep.
std::int64_t an_hour_ago() {
    using namespace std::chrono;
    return duration_cast<milliseconds>((system_clock::now() - 1h).time_since_epoch()).count();
}

std::vector<Record> timed(const std::string& topic, const std::vector<std::int64_t>& times) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < times.size(); ++i) {
        records.push_back({.topic = topic, .key = "k", .value = std::to_string(i)});
        records.back().timestamp_ms = times[i];
    }
    return records;
}

Reason reason_of(LogUnderTest& log, const Range& range) {
    const auto opened = log.try_reader(range);
    if (opened) FAIL("it could be opened");
    return opened.error().reason;
}

}  // namespace

TEST_CASE("a range from a time begins with the first record that is not older", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const std::int64_t base = an_hour_ago();
    send_all(*producer, timed(topic, {base, base + 1000, base + 3000, base + 2000, base + 4000}));
    const auto from = [&](std::int64_t ms) {
        return log->reader({.topics = {topic}, .from = Range::Time{ms}});
    };
    CHECK(values_of(read_all(*from(0), 5)) == numbers(0, 5));
    CHECK(values_of(read_all(*from(base), 5)) == numbers(0, 5));
    CHECK(values_of(read_all(*from(base + 1), 4)) == numbers(1, 5));
    // Number 3 is older, and lies behind number 2.
    CHECK(values_of(read_all(*from(base + 2500), 3)) == numbers(2, 5));
    CHECK(values_of(read_all(*from(base + 4000), 1)) == numbers(4, 5));

    const auto none = from(base + 4001);
    CHECK(none->caught_up());
    CHECK(read_all(*none, 0).empty());
    send_all(*producer, numbered(topic, 5, 6));
    CHECK(values_of(read_all(*none, 1)) == numbers(5, 6));
}

TEST_CASE("a range from an offset begins there, or at the end nearest to it", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(topic, 0, 10));
    const std::int32_t partition = sent[0].partition;
    const auto from = [&](std::int64_t offset) {
        return log->reader({.topics = {topic},
                            .partitions = std::vector{partition},
                            .from = Range::Offset{offset}});
    };
    CHECK(values_of(read_all(*from(sent[7].offset), 3)) == numbers(7, 10));
    CHECK(values_of(read_all(*from(0), 10)) == numbers(0, 10));
    const auto beyond = from(sent[9].offset + 1000);
    CHECK(read_all(*beyond, 0).empty());
    send_all(*producer, numbered(topic, 10, 11));
    CHECK(values_of(read_all(*beyond, 1)) == numbers(10, 11));
    // The one partition that has anything need not be named.
    const auto only = log->reader({.topics = {topic}, .from = Range::Offset{sent[9].offset}});
    CHECK(values_of(read_all(*only, 2)) == numbers(9, 11));
}

TEST_CASE("a range with an end has nothing behind it, and ends", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const std::int64_t base = an_hour_ago();
    const auto sent = send_all(
        *producer, timed(topic, {base, base + 1000, base + 3000, base + 2000, base + 4000}));
    const std::vector<std::int32_t> partition{sent[0].partition};
    const auto until = [&](Range::Until end) {
        return log->reader({.topics = {topic}, .partitions = partition, .until = end});
    };
    const auto to_end = until(Range::End{}), to_offset = until(Range::Offset{sent[3].offset}),
               to_time = until(Range::Time{base + 2500}),
               to_future = until(Range::Time{base + 7'200'000}),
               to_nothing = until(Range::Time{base});
    CHECK(to_nothing->caught_up());
    send_all(*producer, numbered(topic, 5, 8));
    CHECK(values_of(read_all(*to_end, 5)) == numbers(0, 5));
    CHECK(values_of(read_all(*to_offset, 3)) == numbers(0, 3));
    CHECK(values_of(read_all(*to_time, 2)) == numbers(0, 2));
    CHECK(values_of(read_all(*to_future, 5)) == numbers(0, 5));
    for (const auto* reader : {&to_end, &to_offset, &to_time, &to_future, &to_nothing}) {
        CHECK((*reader)->caught_up());
        // Nobody waits for more.
        const auto more = (*reader)->read({.wait = kPatience});
        REQUIRE(more.has_value());
        CHECK(more->empty());
    }
    const auto piece = log->reader({.topics = {topic},
                                    .partitions = partition,
                                    .from = Range::Offset{sent[2].offset},
                                    .until = Range::Offset{sent[6 - 2].offset}});
    CHECK(values_of(read_all(*piece, 2)) == numbers(2, 4));
}

TEST_CASE("a range has the topics and partitions that it names", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto first = log->new_topic(), second = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(first, 0, 3));
    send_all(*producer, numbered(second, 3, 5));
    const std::vector<std::int32_t> partition{sent[0].partition};
    const auto both = log->reader({.topics = {first, second}, .partitions = partition});
    CHECK(read_all(*both, 5).size() == 5);
    const auto one = log->reader({.topics = {second}, .partitions = partition});
    CHECK(values_of(read_all(*one, 2)) == numbers(3, 5));

    CHECK(reason_of(*log, {.topics = {first}, .partitions = std::vector{77}}) ==
          Reason::kUnknownTopic);
    // An offset counts within one partition.
    CHECK(reason_of(*log, {.topics = {first, second}, .from = Range::Offset{1}}) ==
          Reason::kUnknownTopic);
}

}  // namespace snowline::log::test
