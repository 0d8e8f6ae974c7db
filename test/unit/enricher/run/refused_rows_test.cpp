// What the runner does about rows that the log refuses: it learns, waits or parks, and reads the
// same records again.
#include "enricher/outputs/parked_rows.h"
#include "enricher/run/runner.h"

#include <functional>

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;
using log::Reason;

enum : OutputIndex { kGood, kBad };

// Rows as the core makes them, of what the outputs take.
class LimitedMapper final : public RecordMapper {
public:
    explicit LimitedMapper(Outputs outputs) : outputs_(std::move(outputs)) {}

    Mapped map(const log::Record& record) override {
        const bool fits = record.value.size() <= outputs_.bytes_max(kGood, 0);
        std::vector<Row> rows{{.output = fits ? kGood : kBad,
                               .value = fits ? record.value : std::string("size_violation")}};
        return with_parked(std::move(rows), {processor_, 0}, outputs_);
    }
    std::vector<Row> broken(const log::Record&, std::string_view) override { return {}; }
    void refresh(std::int64_t) override {}

private:
    const Outputs outputs_;
    const model::Artifact processor_{"test", "0"};
};

/// A topic of records, and commits that go as the test says. Stops the runner when all is read.
class FussyGroup final : public log::GroupMember {
public:
    FussyGroup(std::vector<std::string> values, std::atomic<bool>& stop)
        : values_(std::move(values)), stop_(stop) {}

    using Judge = std::function<std::optional<log::Failure>(const std::vector<log::Record>&)>;
    Judge judge = [](const auto&) { return std::nullopt; };
    std::function<std::vector<log::Failure>()> look = [] { return std::vector<log::Failure>{}; };
    std::map<std::string, std::size_t> limits;
    std::vector<log::Record> written;
    int commits_failed = 0;

    Result<log::Batch, log::Failure> poll(const log::PollLimits&) override {
        log::Batch batch;
        batch.offsets.generation = generation_;
        for (; next_ < values_.size(); ++next_) {
            batch.records.push_back({.topic = "raw",
                                     .value = values_[next_],
                                     .partition = 0,
                                     .offset = static_cast<std::int64_t>(next_)});
        }
        if (!batch.records.empty()) {
            batch.offsets.next.push_back({"raw", 0, static_cast<std::int64_t>(next_)});
        }
        stop_ = committed_offset_ == values_.size();
        return batch;
    }
    Result<void, log::Failure> commit(const log::Offsets& offsets,
                                      std::vector<log::Record> records) override {
        REQUIRE(offsets.generation == generation_);
        if (auto failure = judge(records)) {
            ++commits_failed;
            ++generation_;
            next_ = committed_offset_;
            return unexpected(*std::move(failure));
        }
        for (log::Record& record : records) written.push_back(std::move(record));
        committed_offset_ = static_cast<std::size_t>(offsets.next.front().offset);
        return {};
    }
    Result<void, log::Failure> keep_alive() override {
        ++kept_alive;
        return {};
    }
    const std::vector<log::Offsets::Next>& committed() const override { return committed_; }
    void pause(std::vector<log::TopicPartition>) override {}
    Result<void, log::Failure> seek(const std::vector<log::Offsets::Next>&) override { return {}; }
    Result<std::vector<log::PartitionLag>, log::Failure> lags() override {
        return std::vector<log::PartitionLag>{};
    }
    std::map<std::string, std::size_t> record_limits(const std::vector<std::string>&) override {
        return limits;
    }
    Result<std::vector<log::Failure>, log::Failure> unwritable(
        const std::vector<std::string>&) override {
        return look();
    }
    int kept_alive = 0;

private:
    std::vector<std::string> values_;
    std::atomic<bool>& stop_;
    std::vector<log::Offsets::Next> committed_;
    std::size_t next_ = 0, committed_offset_ = 0;
    std::uint64_t generation_ = 1;
};

struct Fixture {
    explicit Fixture(std::vector<std::string> values, OnUnavailable policy = OnUnavailable::kWait)
        : group(std::move(values), stop) {
        Output good = good_output();
        good.on_unavailable = policy;
        outputs = Outputs({good, bad_output()});
    }

    Result<void, log::Failure> run() {
        std::vector<std::unique_ptr<RecordMapper>> mappers;
        mappers.push_back(std::make_unique<LimitedMapper>(outputs));
        Runner runner(group, group, std::move(mappers), metrics,
                      {.outputs = outputs,
                       .limits = {.wait = 1ms},
                       .bounds = {.gather = 0ms},
                       .retry = 1ms,
                       .watch = {.look_in_trouble = 1ms}});
        return runner.run(stop);
    }
    std::vector<std::string> written(const std::string& topic) const {
        std::vector<std::string> values;
        for (const auto& record : group.written) {
            if (record.topic == topic) values.push_back(record.value);
        }
        return values;
    }

    std::atomic<bool> stop = false;
    FussyGroup group;
    Outputs outputs;
    Metrics metrics;
};

bool has(const std::vector<log::Record>& records, const std::string& topic) {
    return std::any_of(records.begin(), records.end(),
                       [&](const auto& record) { return record.topic == topic; });
}

}  // namespace

TEST_CASE("a row that its topic refuses is made again as a size_violation, once") {
    Fixture fixture({"a", std::string(300, 'x'), "b"});
    fixture.group.judge = [](const auto& records) -> std::optional<log::Failure> {
        for (const auto& record : records) {
            if (record.value.size() <= 100) continue;
            return log::Failure{.reason = Reason::kTooLarge,
                                .message = "as the test says",
                                .topic = "good",
                                .record_bytes_max = 100};
        }
        return std::nullopt;
    };
    REQUIRE(fixture.run());
    CHECK(fixture.group.commits_failed == 1);
    CHECK(fixture.written("good") == std::vector<std::string>{"a", "b"});
    CHECK(fixture.written("bad") == std::vector<std::string>{"size_violation"});
}

TEST_CASE("what a topic takes is read before the first row") {
    Fixture fixture({"a", std::string(300, 'x')});
    fixture.group.limits = {{"good", 100}};
    REQUIRE(fixture.run());
    CHECK(fixture.group.commits_failed == 0);
    CHECK(fixture.written("bad") == std::vector<std::string>{"size_violation"});
}

TEST_CASE("nothing is committed while a topic is gone, and everything once afterwards") {
    Fixture fixture({"a", "b"});
    bool is_gone = true;
    int looks = 0;
    fixture.group.judge = [&](const auto&) -> std::optional<log::Failure> {
        if (!is_gone) return std::nullopt;
        return log::Failure{.reason = Reason::kUnknownTopic, .message = "gone", .topic = "good"};
    };
    fixture.group.look = [&]() -> std::vector<log::Failure> {
        if (++looks == 1) return {};  // it goes later
        if (looks == 2) {
            CHECK(fixture.metrics.totals().outputs_state.front().trouble == "gone");
            CHECK(fixture.group.written.empty());
        }
        is_gone = false;
        return {};
    };
    REQUIRE(fixture.run());
    CHECK(fixture.group.kept_alive > 0);
    CHECK(fixture.group.commits_failed == 1);
    CHECK(fixture.written("good") == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(fixture.metrics.totals().outputs_state.front().trouble);
}

TEST_CASE("the runner can be stopped while it waits for a topic") {
    Fixture fixture({"a"});
    fixture.group.look = [&]() -> std::vector<log::Failure> {
        fixture.stop = true;
        return {{.reason = Reason::kUnknownTopic, .message = "gone", .topic = "good"}};
    };
    REQUIRE(fixture.run());
    CHECK(fixture.group.written.empty());
}

TEST_CASE("rows of a topic that is gone are parked in bad with where they came from") {
    Fixture fixture({"a", "b"}, OnUnavailable::kPark);
    fixture.group.judge = [&](const auto& records) -> std::optional<log::Failure> {
        if (!has(records, "good")) return std::nullopt;
        return log::Failure{.reason = Reason::kRefused, .message = "no right", .topic = "good"};
    };
    REQUIRE(fixture.run());
    CHECK(fixture.group.commits_failed == 1);
    REQUIRE(fixture.group.written.size() == 2);
    const log::Record& row = fixture.group.written[1];
    CHECK(row.topic == "bad");
    CHECK(row.value.find(R"("payload":"b")") != std::string::npos);
    std::map<std::string, std::string> headers;
    for (const auto& header : row.headers) headers[header.name] = header.value;
    CHECK(headers["snowline-parked"] == "good");
    CHECK(headers["snowline-origin-topic"] == "raw");
    CHECK(headers["snowline-origin-offset"] == "1");
    CHECK(fixture.metrics.totals().outputs_state.front().trouble == "no right");
}

}  // namespace snowline::enricher
