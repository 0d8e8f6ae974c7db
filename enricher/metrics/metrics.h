#pragma once

#include "common/ops/histogram.h"
#include "common/ops/top_counts.h"
#include "enricher/metrics/progress.h"
#include "enricher/outputs/outputs.h"
#include "enricher/pipeline/tally.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace snowline::enricher {

/// A committed batch, as its runner reports it.
struct BatchReport {
    Tally tally;
    std::vector<log::Offsets::Next> next;
    std::size_t records = 0;                         // duplicates included
    std::size_t bytes = 0;                           // without duplicates
    std::optional<std::int64_t> oldest_record_ms{};  // the raw records' own timestamps
    std::chrono::nanoseconds mapping{}, committing{};
};

enum class NotCommitted { kFailed, kStale };

/// Rows written to one output.
struct OutputTotals {
    std::string name;
    Stream stream;
    std::uint64_t rows = 0, bytes = 0;
};

/// Whether the log takes what is written to a topic, as far as is known.
struct TopicState {
    std::string topic;
    std::optional<std::string> trouble{};  // none: it does
    /// Nothing is committed until it does, as the log says when it is asked.
    bool is_waited_for = false;
    bool operator==(const TopicState&) const = default;
};

/// The outputs of every enricher exist from the start, so that their series do.
std::vector<OutputTotals> standard_outputs();

/// Everything counted since the start, and the present state, as /metrics shows it. See
/// docs/metrics.md.
struct Totals {
    static constexpr std::size_t kAppsShown = 50, kSchemasShown = 100, kBadSchemasShown = 20;
    static constexpr std::array<double, 14> kDelayBounds{0.05, 0.1, 0.25, 0.5, 1,   2.5,  5,
                                                         10,   30,  60,   120, 600, 3600, 86400};
    static constexpr std::array<double, 13> kTimeBounds{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15};
    static constexpr std::array<double, 8> kRecordBounds{1, 10, 50, 100, 500, 1000, 5000, 10000};

    Counters counters;
    Tally::Verdicts events{};
    std::vector<OutputTotals> outputs = standard_outputs();
    ops::TopCounts<kVerdicts> apps{kAppsShown};
    ops::TopCounts<1> schemas{kSchemasShown};
    ops::TopCounts<1> old_schemas{kSchemasShown};               // by URI, tab, app id
    std::map<std::string, ops::TopCounts<1>, std::less<>> bad;  // by type
    std::array<Tally::Enrichment, kEnrichmentKinds> enrichments{};
    ops::Histogram event_delay{kDelayBounds};
    ops::Histogram batch_records{kRecordBounds};
    ops::Histogram batch_seconds{kTimeBounds};
    ops::Histogram txn_seconds{kTimeBounds};
    /// Of the topics that are written; one without a name is the log's as a whole.
    std::vector<TopicState> outputs_state{};
    /// The last failure of the log; none: a commit or an empty poll succeeded since.
    std::optional<std::string> log_trouble{};
    /// The runner has been in a call of the log since then; none: it is not in one.
    std::optional<std::chrono::steady_clock::time_point> with_log_since{};
    Progress progress{std::chrono::steady_clock::now()};
};

/// The periodic reporters, each with a period of its own.
enum class Reporter : std::uint8_t { kStatsd, kStdout };

/// The counts of one period.
struct PeriodCounts {
    std::uint64_t raw = 0, good = 0, bad = 0, failed = 0, good_bytes = 0, accepted_invalid = 0;
    /// The longest delays: from the collector, and from the raw log, to the commit.
    std::optional<std::chrono::milliseconds> from_collector, from_raw;
};

/// The enricher's counters: written by runner and service, read by admin port and reporters.
/// Thread-safe; updated once for each batch, not for each event.
class Metrics {
public:
    /// The outputs that later row counts refer to. Until then those of `Outputs()`.
    void counts_for(const Outputs& outputs);

    void polled(std::span<const log::Record> records);
    void idle();
    void committed(const BatchReport& report);
    void not_committed(NotCommitted why, std::chrono::nanoseconds took);
    void looked_up(std::span<const log::PartitionLag> lags);
    void dropped();
    void sized(std::size_t records_max, std::size_t partitions_waiting);
    void connected(bool is_connected);
    void restarted();
    void outputs_are(std::vector<TopicState> states);
    /// The log could not be read or written; until the next commit, or until there is nothing to
    /// do.
    void log_failed(const std::string& why);
    /// The runner's thread is with the log now, or comes back from it.
    void with_log(bool is_with_log);

    Totals totals() const;
    /// The counts since the reporter's last call.
    PeriodCounts take_period(Reporter reporter);
    std::chrono::steady_clock::duration without_progress() const;

private:
    void add_rows(std::span<const Tally::Output> rows);

    mutable std::mutex mutex_;
    Totals totals_;
    std::vector<std::size_t> places_{0, 2};  // index of each output in the totals: good and bad
    std::array<PeriodCounts, 2> periods_;    // by Reporter
};

}  // namespace snowline::enricher
