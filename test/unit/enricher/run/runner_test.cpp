// How long the runner lets the log wait for records: a busy one must not, an idle one must.
#include "enricher/run/runner.h"

#include <deque>

#include <catch2/catch.hpp>

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

// Gives one batch a poll, without waiting, then nothing; the last poll stops the runner.
class ScriptedGroup final : public log::GroupMember {
public:
    ScriptedGroup(std::deque<std::vector<std::string>> polls, std::atomic<bool>& stop)
        : polls_(std::move(polls)), stop_(stop) {}

    Result<log::Batch, log::Failure> poll(const log::PollLimits& limits) override {
        waits.push_back(limits.wait);
        log::Batch batch;
        batch.offsets.generation = 1;
        for (auto& value : polls_.front()) {
            batch.records.push_back({.topic = "raw",
                                     .value = std::move(value),
                                     .partition = 0,
                                     .offset = next_offset_++});
        }
        if (!batch.records.empty()) batch.offsets.next.push_back({"raw", 0, next_offset_});
        polls_.pop_front();
        stop_ = polls_.empty();
        return batch;
    }
    Result<void, log::Failure> commit(const log::Offsets&,
                                      std::vector<log::Record> outputs) override {
        for (auto& output : outputs) committed_values.push_back(std::move(output.value));
        return {};
    }
    Result<void, log::Failure> keep_alive() override { return {}; }
    const std::vector<log::Offsets::Next>& committed() const override { return committed_; }
    void pause(std::vector<log::TopicPartition>) override {}
    Result<void, log::Failure> seek(const std::vector<log::Offsets::Next>&) override {
        return unexpected(log::Failure{log::Reason::kStale, "the script has one order"});
    }
    Result<std::vector<log::PartitionLag>, log::Failure> lags() override {
        return std::vector<log::PartitionLag>{};
    }

    std::vector<std::chrono::milliseconds> waits;  // of each poll
    std::vector<std::string> committed_values;

private:
    std::deque<std::vector<std::string>> polls_;
    std::atomic<bool>& stop_;
    std::vector<log::Offsets::Next> committed_;
    std::int64_t next_offset_ = 0;
};

}  // namespace

TEST_CASE("only while a batch is mapped does a poll not wait for records") {
    std::atomic<bool> stop = false;
    // The second and the third batch are polled while the one before is with the mappers.
    ScriptedGroup group({{"a", "b"}, {"c"}, {"d"}, {}, {}, {}, {"e"}, {}, {}}, stop);
    std::vector<std::unique_ptr<RecordMapper>> mappers;
    mappers.push_back(std::make_unique<EchoMapper>());
    Metrics metrics;
    Runner runner(group, group, std::move(mappers), metrics,
                  {.limits = {.wait = 70ms}, .bounds = {.gather = 0ms}});
    REQUIRE(runner.run(stop));
    CHECK(group.committed_values == std::vector<std::string>{"a", "b", "c", "d", "e"});
    CHECK(group.waits ==
          std::vector<std::chrono::milliseconds>{70ms, 0ms, 0ms, 0ms, 70ms, 70ms, 70ms, 0ms, 70ms});
}
