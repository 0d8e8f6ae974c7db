#pragma once

#include "collector/net/request_observer.h"
#include "common/ops/histogram.h"
#include "common/ops/prometheus_text.h"
#include "common/ops/statsd.h"
#include "common/ops/statsd_settings.h"

#include <array>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace snowline::collector {

/// Lines for StatsD with the reference's names and tags. Counters are summed up over a period,
/// distributions are sent at once. One thread at a time.
class StatsdLines {
public:
    explicit StatsdLines(const ops::StatsdSettings& settings);

    std::string began(std::string_view method, std::uint64_t body_bytes);
    std::string answered(const Exchange& exchange);
    /// The period's counters, one datagram each; resets them.
    std::vector<std::string> end_of_period();

private:
    std::string line(std::string_view name, std::int64_t value, char type,
                     const std::string& tags) const;

    std::string prefix_;
    std::string tags_;                                                      // the configured ones
    std::map<std::pair<std::string, std::string>, std::int64_t> counters_;  // (name, tags)
};

/// Counts requests for Prometheus, and for StatsD where that is switched on. Thread-safe.
class Metrics : public RequestObserver {
public:
    explicit Metrics(const ops::StatsdSettings& statsd);
    ~Metrics() override;

    void began(std::string_view method, std::uint64_t body_bytes) override;
    void answered(const Exchange& exchange) override;
    void refused(int status, std::string_view reason) override;
    void turned_away(std::string_view reason) override;
    void applied(std::string_view rule, std::string_view action) override;

    /// Requests, refusals and their times, as docs/metrics.md has them.
    void write(ops::PrometheusText& text) const;

private:
    static constexpr std::array<double, 12> kSeconds{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    };

    void send_periodically(std::chrono::milliseconds period);

    mutable std::mutex mutex_;
    std::map<std::tuple<std::string_view, std::string_view, int>, std::uint64_t> requests_;
    std::map<std::pair<int, std::string_view>, std::uint64_t> refused_;
    std::map<std::string_view, std::uint64_t> turned_away_;                           // connections
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> applied_;  // privacy
    ops::Histogram seconds_{kSeconds};
    std::unique_ptr<ops::StatsdSender> sender_;
    StatsdLines lines_;
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::thread periodic_;
};

}  // namespace snowline::collector
