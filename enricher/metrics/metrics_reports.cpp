#include "enricher/metrics/metrics_reports.h"

#include "common/ops/logging.h"

#include <cstdint>
#include <cstdio>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

struct Figure {
    std::string_view name;
    std::int64_t value;
    char type;  // StatsD's: c, g
};

// Names of several versions of the reference, so that existing dashboards work.
std::vector<Figure> figures_of(const PeriodCounts& counts) {
    const auto count = [](std::string_view name, std::uint64_t value) {
        return Figure{name, static_cast<std::int64_t>(value), 'c'};
    };
    std::vector<Figure> figures{
        count("raw", counts.raw),
        count("good", counts.good),
        count("good_bytes", counts.good_bytes),
        count("bad", counts.bad),
        count("incomplete", counts.failed),
        count("failed", counts.failed),
        count("invalid_enriched", counts.accepted_invalid),
    };
    const auto gauge = [&](std::string_view name, const auto& longest) {
        if (longest) figures.push_back({name, longest->count(), 'g'});
    };
    gauge("latency", counts.from_collector);
    gauge("e2e_latency_millis", counts.from_collector);
    gauge("latency_millis", counts.from_raw);
    return figures;
}

std::string with_dot(std::string_view prefix) {
    std::string out(prefix);
    if (!out.empty() && !out.ends_with('.')) out += '.';
    return out;
}

}  // namespace

std::vector<std::string> statsd_lines(const PeriodCounts& counts,
                                      const ops::StatsdSettings& settings) {
    const std::string prefix = with_dot(settings.prefix);
    std::string tags;
    for (const auto& [name, value] : settings.tags) {
        tags += fmt::format("{}{}:{}", tags.empty() ? "|#" : ",", name, value);
    }
    std::vector<std::string> lines;
    for (const Figure& figure : figures_of(counts)) {
        lines.push_back(
            fmt::format("{}{}:{}|{}{}\n", prefix, figure.name, figure.value, figure.type, tags));
    }
    return lines;
}

std::vector<std::string> stdout_lines(const PeriodCounts& counts, std::string_view prefix) {
    std::vector<std::string> lines;
    for (const Figure& figure : figures_of(counts)) {
        lines.push_back(fmt::format("{}{} = {}\n", with_dot(prefix), figure.name, figure.value));
    }
    return lines;
}

MetricsReports::MetricsReports(const ReportSettings& settings, Metrics& metrics)
    : settings_(settings), metrics_(metrics), sent_(Clock::now()), printed_(sent_) {
    if (!settings.statsd.enabled) return;
    auto sender = ops::StatsdSender::open(settings.statsd.hostname, settings.statsd.port);
    if (!sender) {
        ops::log(ops::Level::kError, "no metrics are sent", {{"reason", sender.error()}});
        return;
    }
    statsd_ = *std::move(sender);
}

void MetricsReports::tick(Clock::time_point now) {
    if (statsd_ && now - sent_ >= settings_.statsd.period) {
        sent_ = now;
        send();
    }
    if (settings_.metrics_stdout && now - printed_ >= settings_.metrics_stdout->period) {
        printed_ = now;
        print();
    }
}

void MetricsReports::finish() {
    if (statsd_) send();
    if (settings_.metrics_stdout) print();
}

void MetricsReports::send() {
    const auto counts = metrics_.take_period(Reporter::kStatsd);
    for (const std::string& line : statsd_lines(counts, settings_.statsd)) statsd_->send(line);
}

void MetricsReports::print() {
    const auto counts = metrics_.take_period(Reporter::kStdout);
    for (const std::string& line : stdout_lines(counts, settings_.metrics_stdout->prefix)) {
        std::fputs(line.c_str(), stdout);
    }
    std::fflush(stdout);
}

}  // namespace snowline::enricher
