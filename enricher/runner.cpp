#include "enricher/runner.h"

#include "common/check.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

// After these the batches that are open will be polled again; after others the hop is of no use.
bool is_passing(log::Reason reason) {
    return reason == log::Reason::kUnavailable || reason == log::Reason::kFull ||
           reason == log::Reason::kStale;
}

const std::string& topic_of(RowKind kind, const Topics& topics) {
    switch (kind) {
        case RowKind::kGood:
            return topics.good;
        case RowKind::kGoodJson:
            return topics.good_json.value();
        case RowKind::kBad:
            return topics.bad;
        case RowKind::kFailed:
            return topics.failed.value();
        case RowKind::kPii:
            return topics.pii.value();
    }
    SNOWLINE_CHECK(false);
}

// Where a row that failed came from, so that it can be replayed without loss and without doubling.
void add_origin(const log::Record& origin, const Row& row, std::vector<log::Header>& headers) {
    headers.push_back({"snowline-origin-topic", origin.topic});
    headers.push_back({"snowline-origin-partition", fmt::to_string(origin.partition)});
    headers.push_back({"snowline-origin-offset", fmt::to_string(origin.offset)});
    headers.push_back({"snowline-origin-index", fmt::to_string(row.index)});
    for (const log::Header& header : origin.headers) {
        if (header.name == "snowline-id" || header.name == "traceparent") headers.push_back(header);
    }
}

log::Record to_record(Row row, const log::Record& origin, const Topics& topics) {
    log::Record record{.topic = topic_of(row.kind, topics), .key = std::move(row.key)};
    record.headers = std::move(row.headers);
    if (row.kind == RowKind::kBad || row.kind == RowKind::kFailed) {
        add_origin(origin, row, record.headers);
    }
    record.value = std::move(row.value);
    return record;
}

}  // namespace

Runner::Runner(log::Hop& hop, std::vector<std::unique_ptr<RecordMapper>> mappers,
               RunnerOptions options)
    : hop_(hop),
      mappers_(std::move(mappers)),
      options_(std::move(options)),
      deduplicator_(options_.dedupe),
      pool_(mappers_.size()) {}

// One batch is with the workers while the one before commits; `mapping` is declared before the
// pool's tasks can see it and outlives them, because every way out waits for the workers.
Result<void, log::Failure> Runner::run(const std::atomic<bool>& stop) {
    std::optional<Mapped> mapping;
    while (true) {
        std::optional<Mapped> next;
        if (!stop) {
            auto taken = take_next(!mapping);
            if (!taken && !is_passing(taken.error().reason)) {
                given_up_ = true;
                static_cast<void>(wait_for_workers());
                return unexpected(taken.error());
            }
            if (taken) {
                next = *std::move(taken);
            } else {
                std::this_thread::sleep_for(options_.retry);
            }
        }
        if (auto waited = wait_for_workers(); !waited) return waited;
        if (given_up_) return {};
        std::optional<Mapped> mapped = std::exchange(mapping, std::nullopt);
        if (next && mapped &&
            next->batch.bookmark.generation != mapped->batch.bookmark.generation) {
            // Partitions moved: what is open will be polled again, by its new owner.
            mapped.reset();
        }
        if (next) {
            mapping = std::move(next);
            start_mapping(*mapping, stop);
        }
        if (mapped) {
            const auto committed = commit(*mapped);
            if (!committed || !*committed) {
                if (auto waited = wait_for_workers(); !waited) return waited;
                mapping.reset();
            }
            if (!committed) return unexpected(committed.error());
        }
        if (stop && !mapping) return {};
    }
}

// None: nothing came.
Result<std::optional<Runner::Mapped>, log::Failure> Runner::take_next(bool may_wait) {
    if (!held_) {
        auto limits = options_.limits;
        if (!may_wait) limits.wait = std::chrono::milliseconds(0);
        auto batch = hop_.poll(limits);
        if (!batch) return unexpected(batch.error());
        if (batch->records.empty()) return std::nullopt;
        held_ = std::move(*batch);
    }
    auto outcome = deduplicator_.take_duplicates_out(*held_, hop_);
    if (!outcome) {
        const auto alive = hop_.keep_alive();
        return unexpected(alive ? outcome.error() : alive.error());
    }
    Mapped next{.batch = *std::move(held_), .dedupe = *std::move(outcome)};
    held_.reset();
    return next;
}

void Runner::start_mapping(Mapped& mapped, const std::atomic<bool>& stop) {
    for (const auto& mapper : mappers_) mapper->refresh();
    mapped.outputs.resize(mapped.batch.records.size());
    pool_.start(
        mapped.batch.records.size(), [this, &mapped, &stop](std::size_t worker, std::size_t task) {
            mapped.outputs[task] = map_record(*mappers_[worker], mapped.batch.records[task], stop);
        });
}

// The group must hear of us even while all workers wait for a registry.
Result<void, log::Failure> Runner::wait_for_workers() {
    constexpr std::chrono::milliseconds kKeepAlive{500};
    std::optional<log::Failure> failure;
    while (!pool_.wait_for(kKeepAlive)) {
        if (failure) continue;
        const auto alive = hop_.keep_alive();
        if (!alive && !is_passing(alive.error().reason)) {
            failure = alive.error();
            given_up_ = true;
        }
    }
    if (failure) return unexpected(*std::move(failure));
    return {};
}

// False: the batch was not committed and will be polled again.
Result<bool, log::Failure> Runner::commit(Mapped& mapped) {
    std::vector<log::Record> outputs;
    std::size_t bad = 0;
    for (auto& rows : mapped.outputs) {
        for (log::Record& row : rows) {
            bad += row.topic == options_.topics.bad ? 1 : 0;
            outputs.push_back(std::move(row));
        }
    }
    const std::size_t rows = outputs.size();
    auto& dedupe = mapped.dedupe;
    std::move(dedupe.to_commit.begin(), dedupe.to_commit.end(), std::back_inserter(outputs));
    const auto committed = hop_.commit(mapped.batch.bookmark, std::move(outputs));
    if (!committed) {
        if (!is_passing(committed.error().reason)) return unexpected(committed.error());
        ++counts_.retried_batches;
        return false;
    }
    counts_.records += mapped.batch.records.size() + dedupe.duplicates;
    counts_.duplicates_dropped += dedupe.duplicates;
    counts_.strange_ids += dedupe.strange_ids;
    counts_.dedupe_forgotten += dedupe.forgotten;
    counts_.rows += rows;
    counts_.bad_rows += bad;
    ++counts_.batches;
    return true;
}

std::vector<log::Record> Runner::map_record(RecordMapper& mapper, const log::Record& record,
                                            const std::atomic<bool>& stop) {
    std::vector<log::Record> outputs;
    try {
        auto rows = mapper.map(record);
        while (!rows) {
            if (stop || given_up_) {
                given_up_ = true;  // nothing of this batch is committed; it is read again later
                return outputs;
            }
            std::this_thread::sleep_for(options_.retry);
            rows = mapper.map(record);
        }
        for (Row& row : *rows)
            outputs.push_back(to_record(std::move(row), record, options_.topics));
    } catch (const std::exception& broken) {
        outputs.clear();
        outputs.push_back(to_record(mapper.broken(record, broken.what()), record, options_.topics));
    }
    return outputs;
}

}  // namespace snowline::enricher
