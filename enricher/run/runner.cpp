#include "enricher/run/runner.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include <malloc.h>

namespace snowline::enricher {
namespace {

// After these the batches that are open will be polled again; after others the member is of no use.
bool is_passing(log::Reason reason) {
    return reason == log::Reason::kUnavailable || reason == log::Reason::kFull ||
           reason == log::Reason::kQueueFull || reason == log::Reason::kStale;
}

// The rows of a batch that is mapped, and what else is to be told of it.
std::vector<log::Record> take_outputs(OpenBatch& batch, BatchReport& report) {
    std::vector<log::Record> outputs;
    const auto take = [&](std::vector<log::Record>& records) {
        std::move(records.begin(), records.end(), std::back_inserter(outputs));
    };
    for (Segment& segment : batch.segments) {
        for (Item& item : segment.items) {
            const std::int64_t at_ms = item.record.timestamp_ms;
            report.oldest_record_ms = std::min(report.oldest_record_ms.value_or(at_ms), at_ms);
            report.bytes += item.record.value.size();
            take(*item.rows);
        }
        Deduplicator::Outcome& dedupe = segment.dedupe;
        take(dedupe.to_commit);
        report.records += segment.items.size() + dedupe.duplicates;
        for (const auto& tally : segment.tallies) {
            if (tally) report.tally.merge(*tally);
        }
        Counters& counters = report.tally.counters;
        counters.add("enrich_duplicates_dropped_total", dedupe.duplicates);
        counters.add("enrich_strange_ids_total", dedupe.foreign_ids);
        counters.add("enrich_dedupe_forgotten_total", dedupe.forgotten);
    }
    return outputs;
}

// What becomes of memory that is free is the system's, not the next large record's: it may be with
// another worker.
void give_back_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

constexpr std::chrono::seconds kLookUpLags{5};
// Whether answers for records that are held have landed.
constexpr std::chrono::milliseconds kLookForAnswers{20};

bool is_large_commit(const OpenBatch& batch, const RunnerOptions& options) {
    return rows_bytes(batch) > options.transaction_bytes / 4;
}

std::vector<std::string> topics_of(const std::vector<log::Record>& records) {
    std::set<std::string_view> topics;
    for (const log::Record& record : records) topics.insert(record.topic);
    return {topics.begin(), topics.end()};
}

// Marks that the runner is with the log, for as long as it lives.
class WithLog {
public:
    explicit WithLog(Metrics& metrics) : metrics_(metrics) { metrics_.with_log(true); }
    ~WithLog() { metrics_.with_log(false); }
    WithLog(const WithLog&) = delete;
    WithLog& operator=(const WithLog&) = delete;

private:
    Metrics& metrics_;
};

}  // namespace

Runner::Runner(log::GroupReader& reader, log::Transaction& transaction,
               std::vector<std::unique_ptr<RecordMapper>> mappers, Metrics& metrics,
               RunnerOptions options)
    : reader_(reader),
      transaction_(transaction),
      metrics_(metrics),
      options_(std::move(options)),
      limits_(options_.limits),
      deduplicator_(options_.dedupe),
      topics_(transaction, metrics, options_.outputs, options_.dedupe.topic, options_.watch),
      mapper_(std::move(mappers), {.outputs = options_.outputs,
                                   .patience = options_.patience,
                                   .rows_bytes = options_.transaction_bytes}) {
    metrics_.counts_for(options_.outputs);
}

// One batch is with the workers while the one before commits; `mapping` is declared before the
// pool's tasks can see it and outlives them, because every way out waits for the workers.
Result<void, log::Failure> Runner::run(const std::atomic<bool>& stop) {
    std::optional<OpenBatch> mapping;
    stop_ = &stop;
    topics_.look();
    topics_.read_limits();
    while (true) {
        if (auto waited = wait_for_outputs(stop); !waited) {
            mapper_.give_up();
            static_cast<void>(wait_for_workers());
            return waited;
        }
        if (topics_.waits()) {  // and we are to stop: nothing can be committed
            mapper_.give_up();
            return wait_for_workers();
        }
        std::optional<OpenBatch> next;
        // What is with the workers is not kept waiting while more gathers.
        if (!stop && (!mapping || Clock::now() >= next_poll_)) {
            auto taken = take_next(mapping.has_value());
            if (!taken && !is_passing(taken.error().reason)) {
                mapper_.give_up();
                static_cast<void>(wait_for_workers());
                return unexpected(taken.error());
            }
            if (taken) {
                next = *std::move(taken);
            } else {
                metrics_.log_failed(taken.error().message);
                std::this_thread::sleep_for(options_.retry);
            }
        }
        if (auto waited = wait_for_workers(); !waited) return waited;
        std::optional<OpenBatch> mapped = std::exchange(mapping, std::nullopt);
        if (mapped) finish_mapping(*mapped);
        if (next && generation_ != next->generation) {
            // Partitions moved: what is open will be polled again, by its new owner.
            if (generation_) drop_held();
            generation_ = next->generation;
            looked_up_ = {};
            mapped.reset();
        }
        if (next) prepare(*next);
        const auto map_next = [&] {
            if (!next || next->segments.empty()) return;
            mapping = std::exchange(next, std::nullopt);
            mapper_.start(*mapping);
        };
        const bool is_large = mapped && is_large_commit(*mapped, options_);
        if (!is_large) map_next();
        if (mapped && !mapped->segments.empty()) {
            const auto committed = commit(*mapped);
            mapped.reset();
            if (is_large) give_back_memory();
            if (!committed || !*committed) {
                if (auto waited = wait_for_workers(); !waited) return waited;
                mapping.reset();
                next.reset();
                drop_held();
            }
            if (!committed) return unexpected(committed.error());
        }
        map_next();
        if (stop && !mapping) return {};
    }
}

Result<OpenBatch, log::Failure> Runner::take_next(bool is_mapping) {
    if (!polled_) {
        if (auto polled = poll(is_mapping); !polled) return unexpected(polled.error());
    }
    // Each partition apart, since each may be committed at another time. Only the first one of a
    // generation can fail, and then nothing is judged yet.
    OpenBatch& next = polled_->batch;
    for (log::Batch& part : polled_->parts) {
        auto outcome = deduplicator_.take_duplicates_out(part, reader_);
        if (!outcome) {
            const auto alive = reader_.keep_alive();
            return unexpected(alive ? outcome.error() : alive.error());
        }
        next.segments.push_back(segment_of(std::move(part), *std::move(outcome)));
    }
    OpenBatch judged = std::move(next);
    polled_.reset();
    return judged;
}

Result<void, log::Failure> Runner::poll(bool is_mapping) {
    const bool has_work = is_mapping || mapper_.is_full();
    if (!has_work) std::this_thread::sleep_until(next_poll_);
    auto limits = limits_;
    // This once. What grows out of the batch must not inherit it: without a wait an idle runner
    // spins.
    if (has_work) limits.wait = std::chrono::milliseconds(0);
    if (have_waiting(held_, SuspendedRecord::Waits::kForAnswers)) {
        limits.wait = std::min(limits.wait, kLookForAnswers);
    }
    auto batch = [&] {
        const WithLog with_log(metrics_);
        return reader_.poll(limits);
    }();
    if (!batch) return unexpected(batch.error());
    PolledBatch size{.records = batch->records.size()};
    for (const log::Record& record : batch->records) size.bytes += record.value.size();
    next_poll_ = Clock::now() + pause_after(limits, size, options_.bounds);
    look_up_lags();
    metrics_.polled(batch->records);
    if (batch->records.empty() && !is_mapping && held_.empty()) metrics_.idle();
    OpenBatch next{.generation = batch->offsets.generation, .limits = limits_};
    polled_ = {.parts = {}, .batch = std::move(next)};
    for (log::Batch& of_partition : split_by_partition(*std::move(batch))) {
        auto parts = split_by_growth(std::move(of_partition), options_.transaction_bytes / 2);
        std::move(parts.begin(), parts.end(), std::back_inserter(polled_->parts));
    }
    return {};
}

// The group must hear of us even while a batch takes long.
Result<void, log::Failure> Runner::wait_for_workers() {
    constexpr std::chrono::milliseconds kKeepAlive{500};
    std::optional<log::Failure> failure;
    while (!mapper_.wait_for(kKeepAlive)) {
        leave_if_stopped();
        if (failure) continue;
        const auto alive = reader_.keep_alive();
        if (!alive && !is_passing(alive.error().reason)) {
            failure = alive.error();
            mapper_.give_up();
        }
        look_up_lags();
    }
    if (failure) return unexpected(*std::move(failure));
    return {};
}

// What is short is done and committed; what is long is read again.
void Runner::leave_if_stopped() {
    if (stop_ == nullptr || !*stop_ || mapper_.has_left()) return;
    if (!stopped_) stopped_ = Clock::now();
    if (Clock::now() - *stopped_ < options_.leave_after) return;
    mapper_.leave();
}

// What waits is no more part of the batch.
void Runner::finish_mapping(OpenBatch& batch) {
    mapper_.finish(batch);
    auto waiting = take_waiting(batch);
    std::move(waiting.begin(), waiting.end(), std::back_inserter(held_));
}

// New records of a partition that waits stand behind those that are held; when answers have landed
// or it is time, all of them are tried again, in front of the new ones of the other partitions.
void Runner::prepare(OpenBatch& next) {
    move_behind(held_, next.segments);
    auto waiting = partitions_of(held_);
    // What is only too much for one transaction does not wait.
    metrics_.sized(limits_.records_max, mapper_.is_full() ? 0 : waiting.size());
    reader_.pause(std::move(waiting));
    if (held_.empty()) return;
    const bool is_due = Clock::now() - retried_ >= options_.retry;
    if (!is_due && !mapper_.is_full() && !have_waiting(held_, SuspendedRecord::Waits::kForNothing))
        return;
    if (is_due) retried_ = Clock::now();
    held_.insert(held_.end(), std::make_move_iterator(next.segments.begin()),
                 std::make_move_iterator(next.segments.end()));
    next.segments = std::exchange(held_, {});
}

// False: the batch, or its last parts, was not committed and will be polled again.
Result<bool, log::Failure> Runner::commit(OpenBatch& batch) {
    while (!batch.segments.empty()) {
        const auto committed = commit_part(take_part(batch, options_.transaction_bytes));
        if (!committed || !*committed) return committed;
        batch.limits = limits_;
    }
    return true;
}

Result<bool, log::Failure> Runner::commit_part(OpenBatch batch) {
    const log::Offsets offsets = offsets_of(batch);
    BatchReport report{.tally = {}, .next = offsets.next, .mapping = batch.mapping};
    std::vector<log::Record> outputs = take_outputs(batch, report);
    const auto began = Clock::now();
    const auto topics = topics_of(outputs);
    const auto committed = [&] {
        const WithLog with_log(metrics_);
        return transaction_.commit(offsets, std::move(outputs));
    }();
    report.committing = Clock::now() - began;
    if (!committed) {
        const auto reason = committed.error().reason;
        metrics_.not_committed(
            reason == log::Reason::kStale ? NotCommitted::kStale : NotCommitted::kFailed,
            report.committing);
        if (topics_.take_refusal(committed.error())) return false;
        if (!is_passing(reason)) return unexpected(committed.error());
        if (reason != log::Reason::kStale) metrics_.log_failed(committed.error().message);
        return false;
    }
    topics_.committed(topics);
    limits_ = next_limits(batch.limits,
                          {.records = report.records,
                           .bytes = report.bytes,
                           .mapping = batch.working,
                           .committing = report.committing},
                          options_.bounds);
    metrics_.committed(report);
    return true;
}

// What is open is polled again, with what is held.
void Runner::drop_held() {
    polled_.reset();
    held_.clear();
    mapper_.drop();
    reader_.pause({});
    metrics_.dropped();
}

// What is open stays open: it can be committed afterwards, if partitions have not moved.
Result<void, log::Failure> Runner::wait_for_outputs(const std::atomic<bool>& stop) {
    topics_.look_if_due();
    while (topics_.waits() && !stop) {
        const auto alive = reader_.keep_alive();
        if (!alive && !is_passing(alive.error().reason)) return unexpected(alive.error());
        std::this_thread::sleep_for(options_.retry);
        look_up_lags();
        topics_.look_if_due();
    }
    return {};
}

void Runner::look_up_lags() {
    if (Clock::now() - looked_up_ < kLookUpLags) return;
    looked_up_ = Clock::now();
    if (const auto lags = reader_.lags()) metrics_.looked_up(*lags);
}

}  // namespace snowline::enricher
