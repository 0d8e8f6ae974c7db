// Batches whose rows are more than a transaction holds, and stops while records take long.
#include "enricher/run/runner.h"

#include <algorithm>
#include <array>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

enum : OutputIndex { kGood, kBad };  // in Outputs()

// A record of `N` bytes becomes a row of N * kGrowth.
constexpr std::size_t kGrowth = 100;

class GrowingMapper final : public RecordMapper {
public:
    Mapped map(const log::Record& record) override {
        std::string row = record.value;
        row.resize(record.value.size() * kGrowth, '.');
        return std::vector<Row>{{.output = kGood, .value = std::move(row)}};
    }
    std::vector<Row> broken(const log::Record&, std::string_view) override { return {}; }
    void refresh(std::int64_t) override {}
};

// Works on its first record until it is interrupted.
class EndlessMapper final : public RecordMapper {
public:
    explicit EndlessMapper(std::atomic<bool>& stop) : stop_(stop) {}

    Mapped map(const log::Record&) override {
        stop_ = true;
        for (int i = 0; i < 30'000 && !interrupted_; ++i) std::this_thread::sleep_for(1ms);
        if (interrupted_) return std::unique_ptr<SuspendedRecord>();
        return std::vector<Row>{{.output = kGood, .value = "not interrupted"}};
    }
    std::vector<Row> broken(const log::Record&, std::string_view) override { return {}; }
    void refresh(std::int64_t) override {}
    void interrupt() override { interrupted_ = true; }

private:
    std::atomic<bool>& stop_;
    std::atomic<bool> interrupted_ = false;
};

/// A topic of two partitions. Stops the runner when all of it is committed.
class TwoPartitions final : public log::GroupMember {
public:
    TwoPartitions(std::size_t records, std::size_t bytes, std::atomic<bool>& stop) : stop_(stop) {
        for (std::size_t i = 0; i < records; ++i) {
            std::string value = fmt::format("{:06}", i);
            value.resize(std::max(bytes, value.size()), ' ');
            values_.push_back(std::move(value));
        }
    }

    struct Commit {
        std::size_t bytes = 0;
        std::vector<log::Offsets::Next> next;
        std::vector<std::string> rows;
    };
    std::vector<Commit> commits;

    Result<log::Batch, log::Failure> poll(const log::PollLimits& limits) override {
        log::Batch batch;
        batch.offsets.generation = generation_;
        for (; next_ < values_.size() && batch.records.size() < limits.records_max; ++next_) {
            const auto partition = static_cast<std::int32_t>(next_ % 2);
            batch.records.push_back({.topic = "raw",
                                     .value = values_[next_],
                                     .partition = partition,
                                     .offset = static_cast<std::int64_t>(next_)});
            std::erase_if(batch.offsets.next,
                          [&](const auto& next) { return next.partition == partition; });
            batch.offsets.next.push_back({"raw", partition, static_cast<std::int64_t>(next_ + 1)});
        }
        return batch;
    }
    Result<void, log::Failure> commit(const log::Offsets& offsets,
                                      std::vector<log::Record> records) override {
        if (offsets.generation != generation_) {
            return unexpected(log::Failure{log::Reason::kStale, "older"});
        }
        Commit& commit = commits.emplace_back();
        commit.next = offsets.next;
        for (const log::Record& record : records) {
            commit.bytes += log::record_bytes(record);
            commit.rows.push_back(record.value.substr(0, 6));
        }
        for (const auto& next : offsets.next) {
            std::int64_t& end = ends_[static_cast<std::size_t>(next.partition)];
            CHECK(next.offset > end);
            end = next.offset;
        }
        std::size_t done = 0;
        while (done < values_.size() && is_committed(done)) ++done;
        stop_ = done == values_.size();
        return {};
    }
    Result<void, log::Failure> keep_alive() override { return {}; }
    const std::vector<log::Offsets::Next>& committed() const override { return committed_; }
    void pause(std::vector<log::TopicPartition>) override {}
    Result<void, log::Failure> seek(const std::vector<log::Offsets::Next>&) override { return {}; }
    Result<std::vector<log::PartitionLag>, log::Failure> lags() override {
        return std::vector<log::PartitionLag>{};
    }

private:
    bool is_committed(std::size_t at) const {
        return ends_[at % 2] > static_cast<std::int64_t>(at);
    }

    std::atomic<bool>& stop_;
    std::vector<std::string> values_;
    std::vector<log::Offsets::Next> committed_;
    std::size_t next_ = 0;
    std::uint64_t generation_ = 1;
    std::array<std::int64_t, 2> ends_{};
};

RunnerOptions options(std::size_t transaction_bytes) {
    return {.limits = {.wait = 1ms},
            .bounds = {.gather = 0ms},
            .retry = 1ms,
            .transaction_bytes = transaction_bytes,
            .leave_after = 1ms};
}

std::vector<std::unique_ptr<RecordMapper>> growing(std::size_t workers) {
    std::vector<std::unique_ptr<RecordMapper>> mappers;
    while (mappers.size() < workers) mappers.push_back(std::make_unique<GrowingMapper>());
    return mappers;
}

std::vector<std::string> rows_of(const TwoPartitions& group, std::size_t partition) {
    std::vector<std::string> out;
    for (const auto& commit : group.commits) {
        for (const std::string& row : commit.rows) {
            if (std::stoul(row) % 2 == partition) out.push_back(row);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("a batch of more rows than a transaction holds is committed in parts") {
    constexpr std::size_t kRecords = 40, kBytes = 6'400, kTransaction = 4'000'000;
    std::atomic<bool> stop = false;
    TwoPartitions group(kRecords, kBytes, stop);
    Metrics metrics;
    Runner runner(group, group, growing(3), metrics, options(kTransaction));
    REQUIRE(runner.run(stop));
    // 26 MB of rows.
    CHECK(group.commits.size() >= kRecords * kBytes * kGrowth / kTransaction);
    for (const auto& commit : group.commits) CHECK(commit.bytes <= kTransaction);
    for (const std::size_t partition : {0, 1}) {
        const auto rows = rows_of(group, partition);
        CHECK(rows.size() == kRecords / 2);
        CHECK(std::is_sorted(rows.begin(), rows.end()));
        CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
    }
}

TEST_CASE("a record is in one transaction, however much it became") {
    std::atomic<bool> stop = false;
    TwoPartitions group(6, 5'000, stop);
    Metrics metrics;
    Runner runner(group, group, growing(2), metrics, options(100'000));
    REQUIRE(runner.run(stop));
    CHECK(group.commits.size() == 6);
    for (const auto& commit : group.commits) CHECK(commit.rows.size() == 1);
}

TEST_CASE("small rows go together") {
    std::atomic<bool> stop = false;
    TwoPartitions group(200, 100, stop);
    Metrics metrics;
    Runner runner(group, group, growing(3), metrics, options(64'000'000));
    REQUIRE(runner.run(stop));
    CHECK(group.commits.size() == 1);
}

TEST_CASE("who is to stop leaves a record that takes long") {
    std::atomic<bool> stop = false;
    TwoPartitions group(4, 100, stop);
    Metrics metrics;
    std::vector<std::unique_ptr<RecordMapper>> mappers;
    mappers.push_back(std::make_unique<EndlessMapper>(stop));
    Runner runner(group, group, std::move(mappers), metrics, options(64'000'000));
    REQUIRE(runner.run(stop));
    CHECK(group.commits.empty());
}

}  // namespace snowline::enricher
