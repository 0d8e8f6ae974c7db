#include "common/log/sqlite/embedded.h"
#include "common/log/sqlite/repair.h"
#include "common/sqlite/set_aside.h"
#include "test/integration/common/log/damaged_file.h"
#include "test/integration/common/log/temporary_directory.h"

#include <future>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::log::sqlite {
namespace {

using test::TemporaryDirectory;

constexpr int kRecords = 490;
constexpr std::int64_t kNow = 1'795'893'211'987;

template <class T>
T take(Result<T, Failure> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
}

std::string value_of(std::int64_t name) {
    return std::to_string(name) + ":" + std::string(1500, static_cast<char>('a' + name % 26));
}

/// Appends; returns the offset of the first one.
std::int64_t append(const std::filesystem::path& directory, const std::string& topic, int count,
                    std::int64_t first = 0) {
    const auto producer = take(open_producer(directory, kCollector));
    std::vector<std::promise<std::int64_t>> offsets(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        auto& offset = offsets[static_cast<std::size_t>(i)];
        producer->send({.topic = topic, .key = "key", .value = value_of(first + i)},
                       [&offset](const auto& at) { offset.set_value(at ? at->offset : -1); });
    }
    std::int64_t lowest = offsets.front().get_future().get();
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        REQUIRE(offsets[i].get_future().get() == lowest + static_cast<std::int64_t>(i));
    }
    return lowest;
}

/// The group has read so many records; each gave a row.
void enrich(const std::filesystem::path& directory, std::size_t records) {
    const auto member = take(join_group(directory, "enricher", {"raw"}, {}));
    std::size_t done = 0;
    while (done < records) {
        auto batch = take(member->poll({.records_max = records - done}));
        done += batch.records.size();
        for (auto& next : batch.offsets.next) next.note = std::string(3000, 'n');
        std::vector<Record> rows;
        for (const Record& record : batch.records) {
            rows.push_back({.topic = "good", .value = record.value});
        }
        REQUIRE(member->commit(batch.offsets, std::move(rows)).has_value());
    }
}

std::int64_t committed_of(const std::filesystem::path& directory, std::string* note = nullptr) {
    const auto member = take(join_group(directory, "enricher", {"raw"}, {}));
    for (const auto& next : member->committed()) {
        if (next.partition != kCollector.partition) continue;
        if (note) *note = next.note;
        return next.offset;
    }
    return -1;
}

/// Offsets of the collector's partition.
std::set<std::int64_t> offsets_of(const std::filesystem::path& directory,
                                  const std::string& topic) {
    const auto reader = take(open_reader(directory, {.topics = {topic}, .until = Range::End{}}));
    std::set<std::int64_t> offsets;
    while (!reader->caught_up()) {
        for (const Record& record : take(reader->read({}))) {
            CHECK(record.value == value_of(record.offset));
            offsets.insert(record.offset);
        }
    }
    return offsets;
}

std::vector<bool> soundness(const std::filesystem::path& directory) {
    std::vector<bool> sound;
    for (const auto& state : check_files(directory)) sound.push_back(!state.trouble);
    return sound;
}

const Repaired::Topic& topic_of(const Repaired& repaired, const std::string& name) {
    for (const auto& topic : repaired.topics) {
        if (topic.name == name) return topic;
    }
    FAIL("no topic " << name);
    return repaired.topics.front();
}

}  // namespace

TEST_CASE("a log without faults is told to be sound, and is not repaired", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", 50);
    enrich(directory.path(), 20);
    CHECK(soundness(directory.path()) == std::vector{true, true});
    CHECK(take(repair_files(directory.path(), kNow)).empty());
    CHECK(offsets_of(directory.path(), "raw").size() == 50);
}

TEST_CASE("a repaired log has what can be read, with the same offsets, and goes on behind them",
          "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    append(directory.path(), "bad", 30);
    enrich(directory.path(), 400);
    const auto file = directory.path() / "raw.db";
    std::uint64_t lost_least = 0, lost_most = 0;
    SECTION("a page of records") {
        test::flip_page(file, test::pages_of(file) / 2);
        lost_least = 1;
        lost_most = 3;
    }
    SECTION("the root of a topic") {
        test::zero_page(file, 6);
    }
    SECTION("the list of topics") {
        test::zero_page(file, 2);
    }
    SECTION("the index of topics") {
        test::flip_page(file, 3);
    }
    CHECK(soundness(directory.path()) == std::vector{false, true});
    const auto all = take(repair_files(directory.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK(all[0].set_aside.filename() == "raw.broken-20261128T191331Z.db");
    CHECK(std::filesystem::exists(all[0].set_aside));
    const auto& raw = topic_of(all[0], "raw");
    CHECK(raw.records >= kRecords - lost_most);
    CHECK(raw.records <= kRecords - lost_least);
    CHECK(raw.next_offset == kRecords);
    CHECK(topic_of(all[0], "bad").records == 30);
    if (lost_most != 0) {
        REQUIRE(raw.lost.size() == 1);
        CHECK(raw.lost[0].records == kRecords - raw.records);
        CHECK_FALSE(raw.lost[0].is_open);
    }
    CHECK(soundness(directory.path()) == std::vector{true, true});
    CHECK(offsets_of(directory.path(), "raw").size() == raw.records);
    CHECK(offsets_of(directory.path(), "bad").size() == 30);
    CHECK(append(directory.path(), "raw", 1, kRecords) == kRecords);
    CHECK(append(directory.path(), "bad", 1, 30) == 30);
    CHECK(committed_of(directory.path()) == 400);
}

TEST_CASE("no offset is given twice, though the end of the file is gone", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    enrich(directory.path(), 480);
    const auto file = directory.path() / "raw.db";
    std::filesystem::resize_file(file, test::pages_of(file) / 2 * test::kPageBytes);
    SECTION("where the list of topics has the next one") {}
    SECTION("where it is gone, too: behind what the group has committed") {
        test::zero_page(file, 2);
    }
    const auto all = take(repair_files(directory.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK(all[0].has_lost());
    const auto& raw = topic_of(all[0], "raw");
    CHECK(raw.records < 300);
    CHECK(raw.next_offset > 480);
    CHECK(append(directory.path(), "raw", 1) == raw.next_offset);
}

TEST_CASE("without the first page the first topic is found", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    test::zero_page(directory.path() / "raw.db", 1);
    const auto all = take(repair_files(directory.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all[0].has_lost());
    CHECK(offsets_of(directory.path(), "raw").size() == kRecords);
}

TEST_CASE("the group keeps its positions and notes", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    enrich(directory.path(), 450);
    const auto file = directory.path() / "rows.db";
    test::flip_page(file, test::pages_of(file) / 2);
    CHECK(soundness(directory.path()) == std::vector{true, false});
    const auto all = take(repair_files(directory.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all[0].has_lost_positions);
    CHECK(topic_of(all[0], "good").records > 400);
    std::string note;
    CHECK(committed_of(directory.path(), &note) == 450);
    CHECK(note == std::string(3000, 'n'));
}

TEST_CASE("positions that are lost are told", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", 50);
    enrich(directory.path(), 40);
    test::flip_page(directory.path() / "rows.db", 4);
    const auto all = take(repair_files(directory.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK(all[0].has_lost_positions);
    CHECK(all[0].has_lost());
    CHECK(committed_of(directory.path()) == 0);
}

TEST_CASE("a program that finds the log broken is told what mends it", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    const auto file = directory.path() / "raw.db";
    const std::string hint = "`snowline log repair " + directory.path().string() + "`";
    SECTION("at the start") {
        test::zero_page(file, 1);
        const auto producer = open_producer(directory.path(), kCollector);
        REQUIRE_FALSE(producer.has_value());
        CHECK_THAT(producer.error().message, Catch::Contains(hint));
    }
    SECTION("the enricher, when it comes to the page: it has to end") {
        const auto member = take(join_group(directory.path(), "enricher", {"raw"}, {}));
        test::flip_page(file, test::pages_of(file) / 2);
        std::optional<Failure> failure;
        std::size_t records = 0;
        while (!failure && records < kRecords) {
            const auto batch = member->poll({.records_max = 10});
            if (batch) records += batch->records.size();
            if (!batch) failure = batch.error();
        }
        REQUIRE(failure.has_value());
        CHECK(failure->reason == Reason::kRefused);
        CHECK_THAT(failure->message, Catch::Contains(hint));
    }
    SECTION("a file that was moved away is not made again") {
        REQUIRE(set_aside(file, kNow).has_value());
        const auto producer = open_producer(directory.path(), kCollector);
        REQUIRE_FALSE(producer.has_value());
        CHECK_THAT(producer.error().message, Catch::Contains(hint));
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK(soundness(directory.path()) == std::vector{false});
        CHECK(take(repair_files(directory.path(), kNow)).size() == 1);
        CHECK(offsets_of(directory.path(), "raw").size() == kRecords);
    }
}

TEST_CASE("a log that a program writes to is not repaired", "[embedded]") {
    const TemporaryDirectory directory;
    append(directory.path(), "raw", kRecords);
    test::flip_page(directory.path() / "raw.db", test::pages_of(directory.path() / "raw.db") / 2);
    const auto producer = take(open_producer(directory.path(), kReplay));
    const auto all = repair_files(directory.path(), kNow);
    REQUIRE_FALSE(all.has_value());
    CHECK(all.error().reason == Reason::kRefused);
    CHECK(files_set_aside(directory.path() / "raw.db").empty());
}

TEST_CASE("a repair that was interrupted begins again with all that there was", "[embedded]") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "raw.db";
    append(directory.path(), "raw", 100);
    // A WAL with records that are not in the file, as a kill leaves it.
    const TemporaryDirectory copy;
    {
        const auto producer = take(open_producer(directory.path(), kCollector));
        std::promise<bool> sent;
        producer->send({.topic = "raw", .value = value_of(100)},
                       [&](const auto& at) { sent.set_value(at.has_value()); });
        REQUIRE(sent.get_future().get());
        std::filesystem::copy(file, copy.path() / "raw.db");
        std::filesystem::copy(file.string() + "-wal", copy.path() / "raw.db-wal");
    }
    const auto copied = copy.path() / "raw.db";
    test::zero_page(copied, test::pages_of(copied) / 2);
    // As far as it had come: the second names are there, the WAL has lost its first one.
    take(link_aside(copied, kNow));
    std::filesystem::remove(copied.string() + "-wal");
    const auto all = take(repair_files(copy.path(), kNow));
    REQUIRE(all.size() == 1);
    CHECK(topic_of(all[0], "raw").next_offset == 101);
    CHECK(offsets_of(copy.path(), "raw").contains(100));
    CHECK(files_set_aside(copied).size() == 1);
}

}  // namespace snowline::log::sqlite
