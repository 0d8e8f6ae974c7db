// Copies of records have no rows of their own: the runner on the embedded log, over restarts.
#include "common/log/record_id.h"
#include "common/log/sqlite/embedded.h"
#include "enricher/run/runner.h"

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

class EchoMapper final : public RecordMapper {
public:
    Mapped map(const log::Record& record) override {
        return std::vector<Row>{{.output = kGood, .value = record.value}};
    }
    std::vector<Row> broken(const log::Record& record, std::string_view) override {
        return {{.output = kBad, .value = record.value}};
    }
    void refresh(std::int64_t) override {}
};

class Bed {
public:
    Bed() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "snowline-dedupe-XXXXXX").string();
        directory_ = mkdtemp(pattern.data());
    }
    ~Bed() { std::filesystem::remove_all(directory_); }

    void send(const std::vector<std::pair<std::string, std::string>>& ids_and_values) {
        auto producer = log::sqlite::open_producer(directory_, log::sqlite::kCollector);
        REQUIRE(producer);
        for (const auto& [id, value] : ids_and_values) {
            log::Record record{.topic = "raw", .value = value};
            if (!id.empty()) record.headers.push_back({std::string(log::kRecordIdHeader), id});
            (*producer)->send(std::move(record), [](const auto& result) { CHECK(result); });
        }
        REQUIRE((*producer)->flush(10s));
        sent_ += ids_and_values.size();
    }

    /// Until all records that were sent are committed; adds what was counted.
    void run(std::size_t records_max) {
        auto group = log::sqlite::join_group(directory_, "enrich", {"raw"});
        REQUIRE(group);
        std::vector<std::unique_ptr<RecordMapper>> mappers;
        for (int i = 0; i < 2; ++i) mappers.push_back(std::make_unique<EchoMapper>());
        Metrics metrics;
        Runner runner(**group, **group, std::move(mappers), metrics,
                      {.limits = {.records_max = records_max, .wait = 20ms}, .retry = 10ms});
        std::atomic<bool> stop = false;
        std::thread stopper([&] {
            const auto end = std::chrono::steady_clock::now() + 20s;
            while (committed_ + metrics.totals().counters["enrich_records_total"] < sent_ &&
                   std::chrono::steady_clock::now() < end) {
                std::this_thread::sleep_for(5ms);
            }
            stop = true;
        });
        CHECK(runner.run(stop));
        stopper.join();
        committed_ += metrics.totals().counters["enrich_records_total"];
        duplicates += metrics.totals().counters["enrich_duplicates_dropped_total"];
        foreign_ids += metrics.totals().counters["enrich_strange_ids_total"];
    }

    std::vector<std::string> rows() {
        auto reader = log::sqlite::open_reader(directory_, {.topics = {"good"}});
        REQUIRE(reader);
        std::vector<std::string> values;
        while (true) {
            const auto some = (*reader)->read({.wait = 0ms});
            REQUIRE(some);
            for (const auto& record : *some) values.push_back(record.value);
            if (some->empty() && (*reader)->caught_up()) return values;
        }
    }

    std::uint64_t duplicates = 0, foreign_ids = 0;

private:
    std::filesystem::path directory_;
    std::uint64_t sent_ = 0, committed_ = 0;
};

std::string id(int instance, int sequence, int partition = 0) {
    return fmt::format("0f1e2d3c-4b5a-4697-8887-{:012x}:{}:{}", instance, partition, sequence);
}

}  // namespace

TEST_CASE("copies are dropped in one batch, in the next one, and after a restart") {
    Bed bed;
    std::vector<std::string> expected;
    const auto round = [&](int from, int to) {
        std::vector<std::pair<std::string, std::string>> records;
        for (int i = from; i < to; ++i) {
            records.emplace_back(id(i % 3, i), fmt::to_string(i));
            expected.push_back(fmt::to_string(i));
            if (i % 5 == 0) records.emplace_back(id(i % 3, i), "copy");
            if (i >= 50) records.emplace_back(id((i - 50) % 3, i - 50), "late copy");
        }
        bed.send(records);
    };
    round(0, 100);
    bed.run(7);
    round(100, 200);
    bed.run(7);
    CHECK(bed.rows() == expected);
    CHECK(bed.duplicates == 40 + 150);
    CHECK(bed.foreign_ids == 0);
}

TEST_CASE("records without an id, with a strange one, and late ones all pass") {
    Bed bed;
    bed.send({{"", "a"},
              {"", "a"},
              {"no id", "b"},
              {"no id", "b"},
              {id(1, 0, 3), "of another partition"},
              {id(1, 0, 3), "of another partition"},
              {id(1, 5), "5"},
              {id(1, 4), "4, late"},
              {id(1, 4), "copy"}});
    bed.run(100);
    CHECK(bed.rows() == std::vector<std::string>{"a", "a", "b", "b", "of another partition",
                                                 "of another partition", "5", "4, late"});
    CHECK(bed.duplicates == 1);
    CHECK(bed.foreign_ids == 4);
}
