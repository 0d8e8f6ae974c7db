// The runner on the embedded log: every record's rows are there once, in order, whatever happens.
#include "enricher/run/runner.h"

#include "common/log/sqlite/embedded.h"

#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <unistd.h>

using namespace snowline;
using namespace snowline::enricher;
using namespace std::chrono_literals;

namespace {

enum : OutputIndex { kGood, kBad };  // in Outputs()

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "snowline-runner-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Waits until released.
class Asking final : public SuspendedRecord {
public:
    Asking(std::atomic<bool>& released, const void* mapper)
        : mapper_(mapper), released_(released) {}
    Waits waits() const override { return released_ ? Waits::kForNothing : Waits::kForAnswers; }
    bool is_of(const void* mapper) const { return mapper == mapper_; }

private:
    const void* mapper_;
    std::atomic<bool>& released_;
};

// Two rows for `pair N`, a large one for `fat N`, a bad one for `bad`, an exception for `throw`;
// `wait` waits until released and begins again, `ask` waits until released and goes on. Each of
// them is an event.
class TestMapper final : public RecordMapper {
public:
    TestMapper(std::atomic<bool>& released, std::atomic<int>& asked)
        : released_(released), asked_(asked) {}

    Mapped map(const log::Record& record) override {
        if (record.value == "wait" && !released_) return std::unique_ptr<SuspendedRecord>();
        if (record.value.starts_with("ask")) {
            ++asked_;
            return std::make_unique<Asking>(released_, this);
        }
        if (record.value.starts_with("fat")) {
            return std::vector<Row>{
                {.output = kGood, .value = record.value + std::string(100'000, '.')}};
        }
        if (record.value == "throw") throw std::runtime_error("this record kills");
        if (record.value == "bad") return counted({{.output = kBad, .value = "why", .index = 7}});
        return counted({{.output = kGood, .value = record.value},
                        {.output = kGood, .value = record.value + "'"}});
    }
    Mapped go_on(const log::Record& record, std::unique_ptr<SuspendedRecord> suspended) override {
        if (!static_cast<Asking&>(*suspended).is_of(this)) throw std::logic_error("another's");
        if (!released_) return suspended;
        return counted({{.output = kGood, .value = record.value}});
    }
    std::vector<Row> broken(const log::Record& record, std::string_view what) override {
        return counted({{.output = kBad, .value = fmt::format("{}: {}", what, record.value)}});
    }
    void refresh(std::int64_t) override {}
    Tally take_tally() override { return std::exchange(tally_, {}); }

private:
    std::vector<Row> counted(std::vector<Row> rows) {
        RecordFacts facts;
        facts.events.push_back(
            {.verdict = rows[0].output == kGood ? Verdict::kGood : Verdict::kBad});
        tally_.add(facts, rows);
        return rows;
    }

    Tally tally_;
    std::atomic<bool>& released_;
    std::atomic<int>& asked_;
};

struct Bed {
    TemporaryDirectory directory;
    std::atomic<bool> released = false;
    std::atomic<bool> stop = false;
    std::atomic<int> asked = 0;
    Metrics metrics;

    // Each writer has a partition of its own.
    void send(const std::vector<std::string>& values,
              log::sqlite::Writer writer = log::sqlite::kCollector) {
        auto producer = log::sqlite::open_producer(directory.path(), writer);
        REQUIRE(producer);
        for (const auto& value : values) {
            (*producer)->send(
                {.topic = "raw", .value = value},
                [](const Result<log::Position, log::Failure>& result) { CHECK(result); });
        }
        REQUIRE((*producer)->flush(10s));
    }

    // False: they do not come, for far longer than anything takes.
    bool comes(std::size_t records) {
        const auto until = std::chrono::steady_clock::now() + 60s;
        while (metrics.totals().counters["enrich_records_total"] < records) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(5ms);
        }
        return true;
    }

    Result<void, log::Failure> run(std::size_t records_max,
                                   std::size_t transaction_bytes = 64'000'000) {
        auto group = log::sqlite::join_group(directory.path(), "enrich", {"raw"});
        REQUIRE(group);
        std::vector<std::unique_ptr<RecordMapper>> mappers;
        for (int i = 0; i < 3; ++i)
            mappers.push_back(std::make_unique<TestMapper>(released, asked));
        Runner runner(**group, **group, std::move(mappers), metrics,
                      {.limits = {.records_max = records_max, .wait = 20ms},
                       .retry = 10ms,
                       .transaction_bytes = transaction_bytes});
        return runner.run(stop);
    }

    std::vector<log::Record> read(const std::string& topic) {
        auto reader = log::sqlite::open_reader(directory.path(), {.topics = {topic}});
        REQUIRE(reader);
        std::vector<log::Record> out;
        while (true) {
            auto some = (*reader)->read({.wait = 0ms});
            REQUIRE(some);
            out.insert(out.end(), some->begin(), some->end());
            if (some->empty() && (*reader)->caught_up()) return out;
        }
    }
};

}  // namespace

TEST_CASE("rows come out once and in the order of their records, over restarts") {
    Bed bed;
    std::vector<std::string> sent;
    std::vector<std::string> expected;
    for (int i = 0; i < 1000; ++i) {
        sent.push_back(fmt::to_string(i));
        expected.push_back(fmt::to_string(i));
        expected.push_back(fmt::format("{}'", i));
    }
    bed.send(sent);
    for (int restart = 0; restart < 4; ++restart) {
        bed.stop = false;
        std::thread stopper([&] {
            std::this_thread::sleep_for(restart < 3 ? 30ms : 2000ms);
            bed.stop = true;
        });
        CHECK(bed.run(17));
        stopper.join();
    }
    std::vector<std::string> found;
    for (const auto& record : bed.read("good")) found.push_back(record.value);
    CHECK(found == expected);
}

TEST_CASE("a record that throws becomes a bad row with its bytes, and the others go on") {
    Bed bed;
    bed.send({"a", "throw", "bad", "b"});
    std::thread stopper([&] {
        std::this_thread::sleep_for(1500ms);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    stopper.join();
    CHECK(bed.read("good").size() == 4);
    const auto bad = bed.read("bad");
    REQUIRE(bad.size() == 2);
    CHECK(bad[0].value == "this record kills: throw");
    CHECK(bad[1].headers == std::vector<log::Header>{{"snowline-origin-topic", "raw"},
                                                     {"snowline-origin-partition", "0"},
                                                     {"snowline-origin-offset", "2"},
                                                     {"snowline-origin-index", "7"}});
}

TEST_CASE("a record that waits for its schema holds its partition, and stopping loses nothing") {
    Bed bed;
    bed.send({"a", "wait", "b"});
    std::thread stopper([&] {
        std::this_thread::sleep_for(300ms);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    stopper.join();
    CHECK(bed.read("good").empty());

    bed.stop = false;
    std::thread second([&] {
        std::this_thread::sleep_for(300ms);
        bed.released = true;
        std::this_thread::sleep_for(1200ms);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    second.join();
    std::vector<std::string> found;
    for (const auto& record : bed.read("good")) found.push_back(record.value);
    CHECK(found == std::vector<std::string>{"a", "a'", "wait", "wait'", "b", "b'"});
}

TEST_CASE("the other partitions go on while one waits") {
    Bed bed;
    bed.send({"a", "wait", "b"});
    std::vector<std::string> others;
    for (int i = 0; i < 50; ++i) others.push_back(fmt::to_string(i));
    bed.send(others, log::sqlite::kReplay);
    std::thread stopper([&] {
        std::this_thread::sleep_for(1200ms);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    stopper.join();
    const auto good = bed.read("good");
    CHECK(good.size() == 50 * 2);
    const auto totals = bed.metrics.totals();
    CHECK(totals.counters["enrich_partitions_waiting"] == 1);
    CHECK(totals.counters["enrich_records_total"] == 50);
}

TEST_CASE(
    "records that ask begin once and go on in their order; meanwhile other partitions go on") {
    Bed bed;
    std::vector<std::string> sent;
    std::vector<std::string> expected;
    for (int i = 0; i < 60; ++i) {
        const bool asks = i % 3 == 1;
        sent.push_back(fmt::format("{}{}", asks ? "ask" : "", i));
        expected.push_back(sent.back());
        if (!asks) expected.push_back(sent.back() + "'");
    }
    bed.send(sent);
    bed.send({"x", "y"}, log::sqlite::kReplay);
    bool others_went_on = false;
    std::thread stopper([&] {
        others_went_on = bed.comes(2);
        bed.released = true;
        bed.comes(62);
        bed.stop = true;
    });
    CHECK(bed.run(25));
    stopper.join();
    CHECK(others_went_on);
    CHECK(bed.asked == 20);
    std::vector<std::string> found;
    for (const auto& record : bed.read("good")) {
        if (!record.value.starts_with("x") && !record.value.starts_with("y")) {
            found.push_back(record.value);
        }
    }
    CHECK(found == expected);
}

TEST_CASE("rows of more than a transaction come out once and in their order, over restarts") {
    constexpr std::size_t kRecords = 300;
    Bed bed;
    std::vector<std::string> sent;
    for (std::size_t i = 0; i < kRecords; ++i) sent.push_back(fmt::format("fat {:0>4000}", i));
    bed.send(sent);
    // Waits for the commit that has as many records as before and some more.
    for (std::size_t restart = 1; restart <= 3; ++restart) {
        bed.stop = false;
        const std::size_t before = bed.metrics.totals().counters["enrich_records_total"];
        std::thread stopper([&] {
            const auto until = std::chrono::steady_clock::now() + 60s;
            const std::size_t enough = restart < 3 ? before + 1 : kRecords;
            while (bed.metrics.totals().counters["enrich_records_total"] < enough &&
                   std::chrono::steady_clock::now() < until) {
                std::this_thread::sleep_for(1ms);
            }
            bed.stop = true;
        });
        CHECK(bed.run(1'000, 350'000));
        stopper.join();
    }
    std::vector<std::string> found;
    for (const auto& record : bed.read("good")) found.push_back(record.value.substr(0, 4004));
    CHECK(found == sent);
    // Three or four rows a commit, and a segment begun by each of three workers beside them.
    CHECK(bed.metrics.totals().counters["enrich_txn_commits_total{outcome=committed}"] >=
          kRecords / 40);
}

TEST_CASE("what records of a held partition counted is told once, with their rows") {
    Bed bed;
    bed.send({"a", "bad", "ask", "b", "throw"});
    std::thread stopper([&] {
        // By then the batch that the others were mapped in is over.
        while (bed.metrics.totals().counters["enrich_partitions_waiting"] == 0) {
            std::this_thread::sleep_for(5ms);
        }
        bed.released = true;
        bed.comes(5);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    stopper.join();
    const auto totals = bed.metrics.totals();
    CHECK(totals.counters["enrich_records_total"] == 5);
    CHECK(totals.events[static_cast<std::size_t>(Verdict::kGood)] == 3);
    CHECK(totals.events[static_cast<std::size_t>(Verdict::kBad)] == 2);
    CHECK(bed.read("good").size() == 2 + 1 + 2);
    CHECK(bed.read("bad").size() == 2);
}

TEST_CASE("what was counted and not committed is counted once when it is read again") {
    Bed bed;
    bed.send({"a", "ask", "b"});
    std::thread stopper([&] {
        while (bed.asked == 0) std::this_thread::sleep_for(5ms);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    stopper.join();
    CHECK(bed.metrics.totals().events[static_cast<std::size_t>(Verdict::kGood)] == 0);

    bed.stop = false;
    bed.released = true;
    std::thread second([&] {
        bed.comes(3);
        bed.stop = true;
    });
    CHECK(bed.run(10));
    second.join();
    CHECK(bed.metrics.totals().events[static_cast<std::size_t>(Verdict::kGood)] == 3);
}
