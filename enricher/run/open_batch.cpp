#include "enricher/run/open_batch.h"

#include "common/check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace snowline::enricher {
namespace {

// Moves out the segments that `is_moved` says, in order; the others stay in order.
template <class IsMoved>
std::vector<Segment> extract(std::vector<Segment>& segments, IsMoved is_moved) {
    std::vector<Segment> moved;
    std::vector<Segment> kept;
    for (Segment& segment : segments) {
        (is_moved(segment) ? moved : kept).push_back(std::move(segment));
    }
    segments = std::move(kept);
    return moved;
}

bool is_mapped(const Segment& segment) {
    return std::all_of(segment.items.begin(), segment.items.end(),
                       [](const Item& item) { return item.rows.has_value(); });
}

}  // namespace

std::vector<log::Batch> split_by_partition(log::Batch batch) {
    std::vector<log::Batch> parts;
    for (log::Offsets::Next& next : batch.offsets.next) {
        log::Batch& part = parts.emplace_back();
        part.offsets.generation = batch.offsets.generation;
        part.offsets.next.push_back(std::move(next));
    }
    for (log::Record& record : batch.records) {
        const auto part = std::find_if(parts.begin(), parts.end(), [&](const log::Batch& one) {
            const log::Offsets::Next& next = one.offsets.next.front();
            return next.partition == record.partition && next.topic == record.topic;
        });
        SNOWLINE_CHECK(part != parts.end());
        part->records.push_back(std::move(record));
    }
    std::erase_if(parts, [](const log::Batch& part) { return part.records.empty(); });
    return parts;
}

Segment segment_of(log::Batch batch, Deduplicator::Outcome dedupe) {
    log::Offsets::Next& next = batch.offsets.next.front();
    Segment segment{.of = {next.topic, next.partition},
                    .items = {},
                    .next = std::move(next),
                    .dedupe = std::move(dedupe)};
    segment.items.reserve(batch.records.size());
    for (log::Record& record : batch.records) {
        segment.items.push_back({.record = std::move(record)});
    }
    return segment;
}

void make_tasks(OpenBatch& batch, std::size_t workers) {
    std::map<log::TopicPartition, std::size_t> numbers;
    for (const Segment& segment : batch.segments) {
        numbers.try_emplace(segment.of, numbers.size());
    }
    batch.waits = std::make_unique<std::atomic<bool>[]>(numbers.size());
    batch.suspended.resize(workers);
    for (Segment& segment : batch.segments) {
        std::atomic<bool>* waits = &batch.waits[numbers.at(segment.of)];
        segment.tallies.resize(workers);
        for (Item& item : segment.items) {
            if (item.rows) continue;
            auto& tasks = item.suspended ? batch.suspended[item.worker] : batch.tasks;
            tasks.push_back({.item = &item, .segment = &segment, .waits = waits});
        }
    }
}

std::vector<Segment> take_waiting(OpenBatch& batch) {
    batch.tasks.clear();
    batch.suspended.clear();
    std::set<log::TopicPartition> waiting;
    return extract(batch.segments, [&](const Segment& segment) {
        if (!is_mapped(segment)) waiting.insert(segment.of);
        return waiting.contains(segment.of);
    });
}

std::vector<log::TopicPartition> partitions_of(const std::vector<Segment>& segments) {
    std::set<log::TopicPartition> partitions;
    for (const Segment& segment : segments) partitions.insert(segment.of);
    return {partitions.begin(), partitions.end()};
}

bool have_waiting(const std::vector<Segment>& segments, SuspendedRecord::Waits waits) {
    return std::any_of(segments.begin(), segments.end(), [&](const Segment& segment) {
        return std::any_of(segment.items.begin(), segment.items.end(), [&](const Item& item) {
            return item.suspended != nullptr && item.suspended->waits() == waits;
        });
    });
}

void move_behind(std::vector<Segment>& held, std::vector<Segment>& segments) {
    if (held.empty()) return;
    const auto partitions = partitions_of(held);
    auto later = extract(segments, [&](const Segment& segment) {
        return std::binary_search(partitions.begin(), partitions.end(), segment.of);
    });
    std::move(later.begin(), later.end(), std::back_inserter(held));
}

log::Offsets offsets_of(const OpenBatch& batch) {
    std::map<log::TopicPartition, const log::Offsets::Next*> last;
    for (const Segment& segment : batch.segments) last[segment.of] = &segment.next;
    log::Offsets offsets{.next = {}, .generation = batch.generation};
    for (const auto& [of, next] : last) offsets.next.push_back(*next);
    return offsets;
}

}  // namespace snowline::enricher
