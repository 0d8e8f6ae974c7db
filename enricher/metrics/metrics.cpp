#include "enricher/metrics/metrics.h"

#include "common/clock.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

void add(const Tally& tally, Totals& totals) {
    for (std::size_t i = 0; i < kVerdicts; ++i) totals.events[i] += tally.events[i];
    totals.counters.merge(tally.counters);
    for (const auto& [app, verdicts] : tally.apps) totals.apps.add(app, verdicts);
    for (const auto& [schema, count] : tally.schemas) totals.schemas.add(schema, {count});
    for (const auto& [use, count] : tally.old_schemas) totals.old_schemas.add(use, {count});
    for (const auto& [type, schemas] : tally.bad) {
        auto& of_type = totals.bad.try_emplace(type, Totals::kBadSchemasShown).first->second;
        for (const auto& [schema, count] : schemas) of_type.add(schema, {count});
    }
    for (std::size_t i = 0; i < kEnrichmentKinds; ++i) {
        totals.enrichments[i].seconds.merge(tally.enrichments[i].seconds);
        totals.enrichments[i].failures += tally.enrichments[i].failures;
    }
}

// Clocks of two machines differ: a time in the future counts as now.
std::chrono::milliseconds since(std::int64_t then_ms, std::int64_t now) {
    return std::chrono::milliseconds(std::max<std::int64_t>(now - then_ms, 0));
}

void raise(std::optional<std::chrono::milliseconds>& longest, std::chrono::milliseconds time) {
    longest = std::max(longest.value_or(time), time);
}

void add(const BatchReport& report, std::int64_t now, PeriodCounts& period) {
    period.raw += report.records;
    period.good += report.tally.events[static_cast<std::size_t>(Verdict::kGood)];
    period.bad += report.tally.events[static_cast<std::size_t>(Verdict::kBad)];
    period.accepted_invalid += report.tally.counters["enrich_invalid_accepted_total"];
    if (report.oldest_record_ms) raise(period.from_raw, since(*report.oldest_record_ms, now));
}

}  // namespace

std::vector<OutputTotals> standard_outputs() {
    std::vector<OutputTotals> out;
    for (const Output& output :
         {good_output(), good_json_output(), bad_output(), failed_output(), pii_output()}) {
        out.push_back({.name = output.name, .stream = output.stream});
    }
    return out;
}

void Metrics::counts_for(const Outputs& outputs) {
    const std::scoped_lock lock(mutex_);
    places_.clear();
    for (const Output& output : outputs) {
        auto& all = totals_.outputs;
        const auto known = std::find_if(all.begin(), all.end(), [&](const OutputTotals& one) {
            return one.name == output.name;
        });
        places_.push_back(static_cast<std::size_t>(known - all.begin()));
        if (known == all.end()) all.push_back({.name = output.name, .stream = output.stream});
    }
}

void Metrics::add_rows(std::span<const Tally::Output> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        OutputTotals& output = totals_.outputs.at(places_.at(i));
        output.rows += rows[i].rows;
        output.bytes += rows[i].bytes;
        for (PeriodCounts& period : periods_) {
            if (output.stream == Stream::kFailed) period.failed += rows[i].rows;
            if (output.stream == Stream::kGood) period.good_bytes += rows[i].bytes;
        }
    }
}

void Metrics::polled(std::span<const log::Record> records) {
    const std::scoped_lock lock(mutex_);
    totals_.progress.polled(records);
}

void Metrics::idle() {
    const std::scoped_lock lock(mutex_);
    totals_.progress.idle(Clock::now());
    totals_.log_trouble.reset();
}

void Metrics::committed(const BatchReport& report) {
    const std::int64_t now = now_ms();
    const std::scoped_lock lock(mutex_);
    totals_.counters.add("enrich_records_total", report.records);
    add(report.tally, totals_);
    add_rows(report.tally.outputs);
    for (const auto& [at_ms, events] : report.tally.collected) {
        const auto delay = since(at_ms, now);
        totals_.event_delay.add(std::chrono::duration<double>(delay).count(), events);
        for (PeriodCounts& period : periods_) raise(period.from_collector, delay);
    }
    totals_.batch_records.add(static_cast<double>(report.records));
    totals_.batch_seconds.add(seconds(report.mapping));
    totals_.txn_seconds.add(seconds(report.committing));
    totals_.counters.add("enrich_txn_commits_total{outcome=committed}");
    totals_.log_trouble.reset();
    totals_.progress.committed(report.next, Clock::now());

    for (PeriodCounts& period : periods_) add(report, now, period);
}

void Metrics::not_committed(NotCommitted why, std::chrono::nanoseconds took) {
    const std::scoped_lock lock(mutex_);
    if (why == NotCommitted::kStale) {
        totals_.counters.add("enrich_txn_commits_total{outcome=stale}");
        return;
    }
    totals_.counters.add("enrich_txn_commits_total{outcome=failed}");
    totals_.txn_seconds.add(seconds(took));
}

void Metrics::looked_up(std::span<const log::PartitionLag> lags) {
    const std::scoped_lock lock(mutex_);
    totals_.progress.looked_up(lags, Clock::now());
}

void Metrics::dropped() {
    const std::scoped_lock lock(mutex_);
    totals_.progress.dropped();
}

void Metrics::sized(std::size_t records_max, std::size_t partitions_waiting) {
    const std::scoped_lock lock(mutex_);
    totals_.counters.set("enrich_batch_records_max", records_max);
    totals_.counters.set("enrich_partitions_waiting", partitions_waiting);
}

void Metrics::connected(bool is_connected) {
    const std::scoped_lock lock(mutex_);
    totals_.counters.set("enrich_log_connected", is_connected ? 1 : 0);
    if (!is_connected) totals_.progress.dropped();
}

void Metrics::restarted() {
    const std::scoped_lock lock(mutex_);
    totals_.counters.add("enrich_restarts_total");
}

void Metrics::outputs_are(std::vector<TopicState> states) {
    const std::scoped_lock lock(mutex_);
    totals_.outputs_state = std::move(states);
}

void Metrics::log_failed(const std::string& why) {
    const std::scoped_lock lock(mutex_);
    totals_.log_trouble = why;
}

void Metrics::with_log(bool is_with_log) {
    const std::scoped_lock lock(mutex_);
    totals_.with_log_since = is_with_log ? std::optional(Clock::now()) : std::nullopt;
}

Totals Metrics::totals() const {
    const std::scoped_lock lock(mutex_);
    return totals_;
}

PeriodCounts Metrics::take_period(Reporter reporter) {
    const std::scoped_lock lock(mutex_);
    return std::exchange(periods_[static_cast<std::size_t>(reporter)], {});
}

Clock::duration Metrics::without_progress() const {
    const std::scoped_lock lock(mutex_);
    return totals_.progress.age(Clock::now());
}

}  // namespace snowline::enricher
