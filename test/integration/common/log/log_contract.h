#pragma once

#include "test/integration/common/log/log_under_test.h"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

/// What the log's contract tests have in common.
namespace snowline::log::test {

using Factory = std::unique_ptr<LogUnderTest> (*)();

using namespace std::chrono_literals;

/// Everything is there well before; a broken log fails instead of hanging.
inline constexpr std::chrono::seconds kPatience{20};

inline std::unique_ptr<LogUnderTest> each_log() {
    const Factory factory =
        GENERATE(Factory{embedded_log}, Factory{embedded_log_in_process}, Factory{kafka_log});
    return factory();
}

struct Answers {
    std::mutex mutex;
    std::vector<Result<Position, Failure>> all;

    DurableProducer::Reported take() {
        return [this](Result<Position, Failure> answer) {
            const std::lock_guard lock(mutex);
            all.push_back(std::move(answer));
        };
    }
};

inline std::vector<Position> send_all(DurableProducer& producer, std::vector<Record> records) {
    Answers answers;
    for (Record& record : records) producer.send(std::move(record), answers.take());
    REQUIRE(producer.flush(kPatience).has_value());
    std::vector<Position> positions;
    for (const auto& answer : answers.all) {
        if (!answer) FAIL(answer.error().message);
        positions.push_back(*answer);
    }
    REQUIRE(positions.size() == records.size());
    return positions;
}

inline std::vector<Record> numbered(const std::string& topic, int from, int to) {
    std::vector<Record> records;
    for (int i = from; i < to; ++i) {
        records.push_back({.topic = topic, .key = "k", .value = std::to_string(i)});
    }
    return records;
}

inline std::vector<std::string> values_of(const std::vector<Record>& records) {
    std::vector<std::string> values;
    for (const Record& record : records) values.push_back(record.value);
    return values;
}

inline std::vector<std::string> numbers(int from, int to) {
    return values_of(numbered("", from, to));
}

/// Reads until `count` records are there, then a moment longer: one too many is seen as well.
inline std::vector<Record> read_all(Reader& reader, std::size_t count) {
    std::vector<Record> records;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        PollLimits limits;
        limits.wait = std::chrono::milliseconds(100);
        auto more = reader.read(limits);
        if (!more) FAIL(more.error().message);
        records.insert(records.end(), more->begin(), more->end());
        if (more->empty() && records.size() >= count && reader.caught_up()) return records;
        if (std::chrono::steady_clock::now() > deadline) return records;
    }
}

}  // namespace snowline::log::test
