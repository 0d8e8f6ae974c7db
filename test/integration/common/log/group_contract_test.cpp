#include "test/integration/common/log/log_contract.h"

#include <thread>

/// What every log promises the members of a group (common/log/log.h), on each of them.
namespace snowline::log::test {
namespace {

Batch poll_some(GroupMember& group, PollLimits limits = {}) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    limits.wait = 100ms;
    for (;;) {
        auto batch = group.poll(limits);
        if (!batch) FAIL(batch.error().message);
        if (!batch->records.empty()) return std::move(*batch);
        if (std::chrono::steady_clock::now() > deadline) FAIL("nothing came");
    }
}

/// Polls and commits each record as `<value>'` until `count` were seen.
std::vector<std::string> copy_all(GroupMember& group, const std::string& output,
                                  std::size_t count) {
    std::vector<std::string> seen;
    while (seen.size() < count) {
        const Batch batch = poll_some(group);
        std::vector<Record> outputs;
        for (const Record& record : batch.records) {
            seen.push_back(record.value);
            outputs.push_back({.topic = output, .value = record.value + "'"});
        }
        const auto committed = group.commit(batch.offsets, std::move(outputs));
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

TEST_CASE("a poll returns a record that is larger than its limit", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    const auto group = log->join_group(topic);
    const std::string large(200'000, 'x');
    send_all(*producer, {{.topic = topic, .value = large}, {.topic = topic, .value = large}});
    PollLimits limits;
    limits.bytes_max = 1000;
    const Batch batch = poll_some(*group, limits);
    CHECK(values_of(batch.records) == std::vector{large});
}

TEST_CASE("a member commits outputs and positions together", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 100));
    {
        const auto group = log->join_group(input);
        CHECK(copy_all(*group, output, 100) == numbers(0, 100));
        send_all(*producer, numbered(input, 100, 200));
        // Polled and never committed: it is the next member's.
        CHECK_FALSE(poll_some(*group).records.empty());
    }
    send_all(*producer, numbered(input, 200, 300));
    const auto group = log->join_group(input);
    CHECK(copy_all(*group, output, 200) == numbers(100, 300));

    const auto reader = log->reader({.topics = {output}});
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
        const auto group = log->join_group(input);
        PollLimits limits;
        limits.records_max = 5;
        const Batch first = poll_some(*group, limits);
        const Batch second = poll_some(*group, limits);
        CHECK(values_of(first.records) == numbers(0, 5));
        CHECK(values_of(second.records) == numbers(5, 10));
        CHECK(group->commit(first.offsets, numbered(output, 0, 5)).has_value());
        CHECK(group->commit(second.offsets, numbered(output, 5, 10)).has_value());
        CHECK(group->keep_alive().has_value());
    }
    const auto group = log->join_group(input);
    CHECK(copy_all(*group, output, 10) == numbers(10, 20));
}

TEST_CASE("a commit that fails leaves nothing, and its records come again", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 10));
    const auto group = log->join_group(input);
    PollLimits limits;
    limits.records_max = 5;
    const Batch first = poll_some(*group, limits);
    const Batch second = poll_some(*group, limits);

    auto outputs = numbered(output, 0, 5);
    outputs.push_back({.topic = "no such name!", .value = "x"});
    CHECK_FALSE(group->commit(first.offsets, std::move(outputs)).has_value());
    const auto stale = group->commit(second.offsets, numbered(output, 5, 10));
    REQUIRE_FALSE(stale.has_value());
    CHECK(stale.error().reason == Reason::kStale);

    CHECK(copy_all(*group, output, 10) == numbers(0, 10));
    const auto reader = log->reader({.topics = {output}});
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
        const auto group = log->join_group(input);
        const Batch batch = poll_some(*group);
        CHECK(group->commit(batch.offsets, {}).has_value());
    }
    send_all(*producer, numbered(input, 10, 11));
    const auto group = log->join_group(input);
    CHECK(copy_all(*group, output, 1).back() == "10");
}

TEST_CASE("a note is committed with its offset, and found by the next generation and member",
          "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(input, 0, 20));
    const std::string first_note = "seen 5", long_note(Offsets::kNoteBytesMax, 'n');
    const auto put = [&](Offsets offsets, const std::string& note) {
        for (auto& next : offsets.next) {
            CHECK(next.note.empty());
            if (next.partition == sent[0].partition) next.note = note;
        }
        return offsets;
    };
    const auto found = [&](const GroupReader& group) {
        for (const auto& next : group.committed()) {
            if (next.partition == sent[0].partition) return next;
        }
        return Offsets::Next{};
    };
    PollLimits limits;
    limits.records_max = 5;
    {
        const auto group = log->join_group(input);
        const Batch first = poll_some(*group, limits);
        CHECK(found(*group).note.empty());
        CHECK(group->commit(put(first.offsets, first_note), {}).has_value());
        const Batch second = poll_some(*group, limits);
        // Of the generation's beginning, not of the last commit.
        CHECK(found(*group).note.empty());
        const auto failed =
            group->commit(put(second.offsets, "lost"), {{.topic = "no such name!", .value = "x"}});
        CHECK_FALSE(failed.has_value());
        const Batch again = poll_some(*group, limits);
        CHECK(values_of(again.records) == numbers(5, 10));
        CHECK(again.offsets.generation != second.offsets.generation);
        CHECK(found(*group) == Offsets::Next{input, sent[0].partition, sent[5].offset, first_note});
        CHECK(group->commit(put(again.offsets, long_note), {}).has_value());
    }
    {
        const auto group = log->join_group(input);
        const Batch third = poll_some(*group, limits);
        CHECK(values_of(third.records) == numbers(10, 15));
        CHECK(found(*group) == Offsets::Next{input, sent[0].partition, sent[10].offset, long_note});
        CHECK(group->commit(put(third.offsets, ""), {}).has_value());
    }
    const auto group = log->join_group(input);
    CHECK(values_of(poll_some(*group, limits).records) == numbers(15, 20));
    CHECK(found(*group).note.empty());
}

TEST_CASE("a partition that is paused gives nothing, and goes on where it stood", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto topic = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(topic, 0, 3));
    const auto group = log->join_group(topic);
    const Batch first = poll_some(*group, {.records_max = 2});
    CHECK(values_of(first.records) == numbers(0, 2));
    const TopicPartition partition{topic, first.records[0].partition};
    group->pause({partition});

    // What was on its way already may come once.
    std::vector<std::string> seen = numbers(0, 2);
    const auto poll_for = [&](std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        std::size_t came = 0;
        while (std::chrono::steady_clock::now() < until) {
            const auto batch = group->poll({.wait = 20ms});
            REQUIRE(batch);
            for (const Record& record : batch->records) seen.push_back(record.value);
            came += batch->records.size();
        }
        return came;
    };
    poll_for(300ms);
    send_all(*producer, numbered(topic, 3, 6));
    CHECK(poll_for(500ms) == 0);
    REQUIRE(group->keep_alive());
    CHECK(poll_for(300ms) == 0);  // still paused
    group->pause({});
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
    const auto group = log->join_group(topic);
    const auto lag = [&]() -> std::int64_t {
        const auto lags = group->lags();
        if (!lags) FAIL(lags.error().message);
        for (const PartitionLag& one : *lags) {
            if (one.of == TopicPartition{topic, positions[0].partition})
                return one.end - one.committed;
        }
        return -1;
    };
    const Batch first = poll_some(*group, {.records_max = 2});
    REQUIRE(first.records.size() == 2);
    CHECK(lag() == 5);
    REQUIRE(group->commit(first.offsets, {}));
    CHECK(lag() == 3);
    send_all(*producer, numbered(topic, 5, 6));
    CHECK(lag() == 4);
}

TEST_CASE("a waiting member sees a new record soon", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    send_all(*producer, numbered(input, 0, 1));
    const auto group = log->join_group(input);
    copy_all(*group, output, 1);

    std::thread later([&] {
        std::this_thread::sleep_for(150ms);
        producer->send({.topic = input, .value = "1"}, [](auto) {});
    });
    const auto start = std::chrono::steady_clock::now();
    PollLimits limits;
    limits.wait = 10s;
    const auto batch = group->poll(limits);
    later.join();
    REQUIRE(batch.has_value());
    CHECK(values_of(batch->records) == numbers(1, 2));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

namespace {

/// Where the n-th record lies, for a seek.
std::vector<Offsets::Next> at(const std::string& topic, const Position& position) {
    return {{topic, position.partition, position.offset}};
}

}  // namespace

TEST_CASE("a member that seeks goes on there, in a new generation", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic(), output = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(input, 0, 20));
    {
        const auto group = log->join_group(input);
        const Batch first = poll_some(*group, {.records_max = 5});
        CHECK(values_of(first.records) == numbers(0, 5));
        REQUIRE(group->commit(first.offsets, {}).has_value());
        const Batch open = poll_some(*group, {.records_max = 5});
        REQUIRE(group->seek(at(input, sent[12])).has_value());
        const auto stale = group->commit(open.offsets, numbered(output, 0, 1));
        REQUIRE_FALSE(stale.has_value());
        CHECK(stale.error().reason == Reason::kStale);

        // Forwards, and where the group stands is known all the same.
        const Batch after = poll_some(*group, {.records_max = 2});
        CHECK(values_of(after.records) == numbers(12, 14));
        CHECK(after.offsets.generation != open.offsets.generation);
        CHECK(group->committed().size() >= 1);
        for (const auto& next : group->committed()) {
            if (next.partition == sent[0].partition) CHECK(next.offset == sent[5].offset);
        }
        // A commit that fails does not take the place back.
        CHECK_FALSE(group->commit(after.offsets, {{.topic = "no such name!", .value = "x"}}));
        const Batch again = poll_some(*group, {.records_max = 2});
        CHECK(values_of(again.records) == numbers(12, 14));
        REQUIRE(group->commit(again.offsets, {}).has_value());

        // Backwards; not committed, it is forgotten with the member.
        REQUIRE(group->seek(at(input, sent[3])).has_value());
        CHECK(values_of(poll_some(*group, {.records_max = 3}).records) == numbers(3, 6));
    }
    const auto group = log->join_group(input);
    CHECK(copy_all(*group, output, 6) == numbers(14, 20));
}

TEST_CASE("once a sought position is committed, a failure goes back to what is committed",
          "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(input, 0, 10));
    const auto group = log->join_group(input);
    CHECK(values_of(poll_some(*group, {.records_max = 1}).records) == numbers(0, 1));
    REQUIRE(group->seek(at(input, sent[4])).has_value());
    const Batch sought = poll_some(*group, {.records_max = 3});
    REQUIRE(group->commit(sought.offsets, {}).has_value());
    const Batch next = poll_some(*group, {.records_max = 1});
    CHECK_FALSE(group->commit(next.offsets, {{.topic = "no such name!", .value = "x"}}));
    CHECK(values_of(poll_some(*group, {.records_max = 1}).records) == numbers(7, 8));
}

TEST_CASE("an offset that the log does not have means its oldest record", "[log]") {
    const auto log = each_log();
    if (!log) return;
    CAPTURE(log->name());
    const auto input = log->new_topic();
    const auto producer = log->producer();
    const auto sent = send_all(*producer, numbered(input, 0, 3));
    const auto group = log->join_group(input);
    CHECK(values_of(poll_some(*group).records) == numbers(0, 3));
    // As after the topic was made anew: what is committed lies beyond its end.
    REQUIRE(group->seek({{input, sent[0].partition, sent[2].offset + 1000}}).has_value());
    CHECK(values_of(poll_some(*group).records) == numbers(0, 3));
    const auto foreign = group->seek({{input, sent[0].partition + 100, 0}});
    REQUIRE_FALSE(foreign.has_value());
    CHECK(foreign.error().reason == Reason::kStale);
    send_all(*producer, numbered(input, 3, 4));
    CHECK(values_of(poll_some(*group).records) == numbers(3, 4));  // nothing has changed
}

}  // namespace snowline::log::test
