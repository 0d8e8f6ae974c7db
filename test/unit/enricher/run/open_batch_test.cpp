#include "enricher/run/open_batch.h"

#include <catch2/catch.hpp>

namespace snowline::enricher {
namespace {

log::Batch batch_of(const std::vector<std::size_t>& sizes) {
    log::Batch batch;
    std::int64_t offset = 100;
    for (const std::size_t size : sizes) {
        batch.records.push_back(
            {.topic = "raw", .value = std::string(size, 'x'), .partition = 3, .offset = offset});
        offset += 10;  // transactions' marks are between them
    }
    batch.offsets = {.next = {{.topic = "raw", .partition = 3, .offset = offset}}, .generation = 7};
    return batch;
}

std::vector<std::size_t> counts(const std::vector<log::Batch>& parts) {
    std::vector<std::size_t> out;
    for (const log::Batch& part : parts) out.push_back(part.records.size());
    return out;
}

Segment mapped(std::size_t bytes, std::int32_t partition = 0) {
    Segment segment{.of = {"raw", partition}, .items = {}, .next = {}, .dedupe = {}};
    segment.items.push_back(
        {.record = {}, .rows = std::vector<log::Record>(1), .rows_bytes = bytes});
    return segment;
}

Segment unmapped(std::int32_t partition = 0) {
    Segment segment{.of = {"raw", partition}, .items = {}, .next = {}, .dedupe = {}};
    segment.items.push_back({.record = {}});
    return segment;
}

}  // namespace

TEST_CASE("a batch of small records is one part") {
    CHECK(counts(split_by_growth(batch_of(std::vector<std::size_t>(1'000, 800)), 32'000'000)) ==
          std::vector<std::size_t>{1'000});
}

TEST_CASE("records that may become much are apart, each part with where it ends") {
    const auto parts =
        split_by_growth(batch_of({1'000'000, 500, 500, 900'000, 40'000}), 32'000'000);
    REQUIRE(counts(parts) == std::vector<std::size_t>{1, 2, 1, 1});
    std::vector<std::int64_t> ends;
    for (const log::Batch& part : parts) {
        REQUIRE(part.offsets.next.size() == 1);
        CHECK(part.offsets.generation == 7);
        CHECK(part.offsets.next[0].partition == 3);
        ends.push_back(part.offsets.next[0].offset);
    }
    CHECK(ends == std::vector<std::int64_t>{110, 130, 140, 150});
}

TEST_CASE("a batch is committed in parts of so many bytes, a segment in one") {
    OpenBatch batch{.generation = 7};
    for (const std::size_t bytes : {40, 60, 1, 300, 10}) batch.segments.push_back(mapped(bytes));
    std::vector<std::size_t> parts;
    while (!batch.segments.empty()) {
        const OpenBatch part = take_part(batch, 100);
        CHECK(part.generation == 7);
        parts.push_back(rows_bytes(part));
    }
    CHECK(parts == std::vector<std::size_t>{100, 1, 300, 10});
}

TEST_CASE("behind what waits no more is mapped once there is much") {
    OpenBatch batch;
    batch.segments.push_back(unmapped(0));
    batch.segments.push_back(mapped(100, 0));
    batch.segments.push_back(unmapped(0));
    batch.segments.push_back(unmapped(1));
    SECTION("little") {
        make_tasks(batch, 1, 101);
        CHECK(batch.tasks.size() == 3);
    }
    SECTION("much: what it waits for, and the other partition") {
        make_tasks(batch, 1, 100);
        REQUIRE(batch.tasks.size() == 2);
        CHECK(batch.tasks[0].number == 0);
        CHECK(batch.tasks[1].number == 3);
    }
}

}  // namespace snowline::enricher
