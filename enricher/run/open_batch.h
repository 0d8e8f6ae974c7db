#pragma once

#include "common/log/log.h"
#include "enricher/dedupe/deduplicator.h"
#include "enricher/pipeline/record_mapper.h"
#include "enricher/pipeline/tally.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace snowline::enricher {

/// A record on its way to its rows.
struct Item {
    log::Record record;
    std::optional<std::vector<log::Record>> rows = std::nullopt;  // none: not mapped yet
    std::size_t rows_bytes = 0;                                   // of those
    std::unique_ptr<SuspendedRecord> suspended = nullptr;         // on its way; none: it begins
    std::size_t worker = 0;                                       // whose that is
};

/// The records of one partition in one poll, which are committed together: the note beside the
/// offset tells what was seen up to its end, and nothing less.
struct Segment {
    log::TopicPartition of;
    std::vector<Item> items;       // without copies of earlier records
    log::Offsets::Next next;       // where the partition goes on
    Deduplicator::Outcome dedupe;  // of these records
    /// What each worker counted of them, in whichever batch; told when they are committed. Empty
    /// until they are given to workers.
    std::vector<std::optional<Tally>> tallies{};
};

/// Segments that are polled and not committed, in the order of each partition.
struct OpenBatch {
    std::vector<Segment> segments{};
    std::uint64_t generation = 0;        // of the group, when they were polled
    log::PollLimits limits{};            // of the runner when they were polled
    std::chrono::nanoseconds mapping{};  // until all records were done, or had had their patience
    std::chrono::nanoseconds working{};  // of that, what was not spent on waiting for answers

    /// What workers do, and share: an item, and whether an item before it in its partition has to
    /// begin again, since then it need not begin. Made by `make_tasks`.
    struct Task {
        Item* item;
        Segment* segment;    // of the item
        std::size_t number;  // of that segment in the batch
        std::atomic<bool>* waits;
    };
    std::vector<Task> tasks{};                   // which begin, for any worker
    std::vector<std::vector<Task>> suspended{};  // which go on, for each worker
    std::unique_ptr<std::atomic<bool>[]> waits {};
};

/// Of the rows of all its items.
std::size_t rows_bytes(const Segment& segment);
std::size_t rows_bytes(const OpenBatch& batch);

/// A batch for each partition that a batch has records of.
std::vector<log::Batch> split_by_partition(log::Batch batch);
/// A batch of one partition as several, in order, each to be committed by itself if need be: of
/// records that may become `rows_bytes` of rows together, or of one.
std::vector<log::Batch> split_by_growth(log::Batch batch, std::size_t rows_bytes);
/// Of a batch of one partition, once copies are taken out of it.
Segment segment_of(log::Batch batch, Deduplicator::Outcome dedupe);

/// The batch must stay where it is until its tasks are done. A partition that waits, and already
/// has `rows_bytes` behind that, goes on with what it waits for only.
void make_tasks(OpenBatch& batch, std::size_t workers, std::size_t rows_bytes);

/// Takes the first segments out of a batch that is mapped: of `rows_bytes` of rows together, or
/// one. The times go with the first part.
OpenBatch take_part(OpenBatch& batch, std::size_t rows_bytes);

/// Takes out, of each partition, the first segment that is not mapped and all that are behind it.
std::vector<Segment> take_waiting(OpenBatch& batch);

/// The partitions of segments, each once, sorted.
std::vector<log::TopicPartition> partitions_of(const std::vector<Segment>& segments);

/// Whether one of their records is suspended and waits for this.
bool have_waiting(const std::vector<Segment>& segments, SuspendedRecord::Waits waits);

/// Moves those of `segments` whose partitions are among `held` behind these.
void move_behind(std::vector<Segment>& held, std::vector<Segment>& segments);

/// Where the group goes on reading once all segments are committed.
log::Offsets offsets_of(const OpenBatch& batch);

}  // namespace snowline::enricher
