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

// What a request may become at most, about: half of it headers, which each row shows, half small
// events that fail.
std::size_t growth_of(const log::Record& record) {
    const std::size_t bytes = record.value.size();
    return bytes + bytes * bytes / 64;
}

}  // namespace

std::size_t rows_bytes(const Segment& segment) {
    std::size_t bytes = 0;
    for (const Item& item : segment.items) bytes += item.rows_bytes;
    return bytes;
}

std::size_t rows_bytes(const OpenBatch& batch) {
    std::size_t bytes = 0;
    for (const Segment& segment : batch.segments) bytes += rows_bytes(segment);
    return bytes;
}

std::vector<log::Batch> split_by_growth(log::Batch batch, std::size_t rows_bytes) {
    SNOWLINE_CHECK(batch.offsets.next.size() == 1);
    std::vector<log::Batch> parts;
    std::size_t bytes = 0;
    for (log::Record& record : batch.records) {
        const std::size_t growth = growth_of(record);
        if (parts.empty() || bytes + growth > rows_bytes) {
            if (!parts.empty()) parts.back().offsets.next.front().offset = record.offset;
            parts.emplace_back().offsets = batch.offsets;
            bytes = 0;
        }
        bytes += growth;
        parts.back().records.push_back(std::move(record));
    }
    return parts;
}

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

void make_tasks(OpenBatch& batch, std::size_t workers, std::size_t rows_bytes) {
    struct Partition {
        std::size_t number;
        bool waits = false;            // its first segment that is not mapped is behind us
        std::size_t bytes_behind = 0;  // of rows that cannot be committed before that one
    };
    std::map<log::TopicPartition, Partition> partitions;
    for (const Segment& segment : batch.segments) {
        const auto [at, is_new] = partitions.try_emplace(segment.of, Partition{partitions.size()});
        Partition& partition = at->second;
        partition.waits = partition.waits || !is_mapped(segment);
        if (partition.waits) partition.bytes_behind += enricher::rows_bytes(segment);
    }
    batch.waits = std::make_unique<std::atomic<bool>[]>(partitions.size());
    batch.suspended.resize(workers);
    for (auto& [of, partition] : partitions) partition.waits = false;
    for (std::size_t i = 0; i < batch.segments.size(); ++i) {
        Segment& segment = batch.segments[i];
        Partition& partition = partitions.at(segment.of);
        std::atomic<bool>* waits = &batch.waits[partition.number];
        const bool may_begin = !partition.waits || partition.bytes_behind < rows_bytes;
        partition.waits = partition.waits || !is_mapped(segment);
        segment.tallies.resize(workers);
        for (Item& item : segment.items) {
            if (item.rows || (!item.suspended && !may_begin)) continue;
            auto& tasks = item.suspended ? batch.suspended[item.worker] : batch.tasks;
            tasks.push_back({.item = &item, .segment = &segment, .number = i, .waits = waits});
        }
    }
}

OpenBatch take_part(OpenBatch& batch, std::size_t rows_bytes) {
    OpenBatch part{.generation = batch.generation,
                   .limits = batch.limits,
                   .mapping = std::exchange(batch.mapping, {}),
                   .working = std::exchange(batch.working, {})};
    std::size_t bytes = 0, count = 0;
    for (; count < batch.segments.size(); ++count) {
        bytes += enricher::rows_bytes(batch.segments[count]);
        if (count > 0 && bytes > rows_bytes) break;
    }
    const auto end = batch.segments.begin() + static_cast<std::ptrdiff_t>(count);
    part.segments.assign(std::make_move_iterator(batch.segments.begin()),
                         std::make_move_iterator(end));
    batch.segments.erase(batch.segments.begin(), end);
    return part;
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
