#pragma once

#include "common/ops/counters.h"

#include <array>

namespace snowline::enricher {

/// The enricher's plain numbers on /metrics. A new one is one line here, and
/// `counters.add("its_name")` where it happens: with a record's facts, a batch's tally or the
/// process' totals, whichever is at hand; the former are merged into the latter once the batch is
/// committed. What has labels that data choose, and histograms, are of Tally and Totals.
inline constexpr std::array kCounters = [] {
    using enum ops::MetricType;
    return std::to_array<ops::CounterInfo>({
        {"enrich_records_total", kCounter, "Records of the raw topic that are committed."},
        {"enrich_duplicates_dropped_total", kCounter,
         "Copies of earlier records, by their snowline-id; they have no rows."},
        {"enrich_strange_ids_total", kCounter, "Records with a snowline-id that says nothing."},
        {"enrich_dedupe_forgotten_total", kCounter,
         "Starts of collectors and intervals for which there was no room."},
        {"enrich_invalid_accepted_total", kCounter,
         "Good events with columns that are too long, which featureFlags.acceptInvalid let pass."},
        {"enrich_events_left_out_total", kCounter,
         "Events of records that became too much; a size_violation a record tells of them."},
        {"enrich_records_out_of_time_total", kCounter,
         "Records that took too much work, and became a generic_error."},
        {"enrich_txn_commits_total{outcome=committed}", kCounter,
         "Transactions by outcome; failed and stale ones are read again."},
        {"enrich_txn_commits_total{outcome=failed}", kCounter, {}},
        {"enrich_txn_commits_total{outcome=stale}", kCounter, {}},
        {"enrich_restarts_total", kCounter, "Times that the log's client was made anew."},
        {"enrich_batch_records_max", kGauge, "How many records a batch may have now."},
        {"enrich_log_connected", kGauge, "1 while the log is being read."},
        {"enrich_partitions_waiting", kGauge, "Partitions that wait for a schema."},
    });
}();

using Counters = ops::Counters<kCounters>;

}  // namespace snowline::enricher
