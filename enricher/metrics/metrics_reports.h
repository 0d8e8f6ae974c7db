#pragma once

#include "common/ops/statsd.h"
#include "enricher/metrics/metrics.h"
#include "enricher/metrics/settings.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Lines with the reference's names and format: `snowplow.enrich.good:12|c|#env:prod`.
std::vector<std::string> statsd_lines(const PeriodCounts& counts,
                                      const ops::StatsdSettings& settings);

/// `snowplow.enrich.good = 12`
std::vector<std::string> stdout_lines(const PeriodCounts& counts, std::string_view prefix);

/// Sends and prints the metrics that `monitoring.metrics` asks for, once a period. One thread.
class MetricsReports {
public:
    using Clock = std::chrono::steady_clock;

    /// A StatsD host that cannot be resolved is logged, and StatsD is not used.
    MetricsReports(const ReportSettings& settings, Metrics& metrics);

    /// To be called a few times a second: sends what is due.
    void tick(Clock::time_point now);
    /// Sends the rest of the last period.
    void finish();

private:
    void send();
    void print();

    const ReportSettings& settings_;
    Metrics& metrics_;
    std::unique_ptr<ops::StatsdSender> statsd_;
    Clock::time_point sent_, printed_;
};

}  // namespace snowline::enricher
