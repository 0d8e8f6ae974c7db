#include "enricher/metrics/admin_page.h"

#include "common/ops/process_metrics.h"
#include "common/ops/prometheus_text.h"
#include "enricher/metrics/metrics_page.h"

#include <chrono>
#include <string>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

constexpr std::chrono::minutes kWithoutProgress{2};
constexpr std::chrono::seconds kWithLogMax{8};

ops::AdminResponse metrics_page(const Metrics& metrics, const AdminState& state) {
    ops::PrometheusText text;
    ops::write_process_metrics(state.program, text);
    write_metrics(metrics.totals(), state.lookups, state.group, text);
    return {.content_type = std::string(ops::kPrometheusContentType),
            .body = std::move(text).take()};
}

bool is_log_silent(const Totals& totals, std::chrono::steady_clock::time_point now) {
    return totals.with_log_since && now - *totals.with_log_since > kWithLogMax;
}

}  // namespace

ops::AdminResponse health(const Totals& totals, std::chrono::steady_clock::time_point now) {
    const auto age = totals.progress.age(now);
    if (age < kWithoutProgress) return {.body = "OK\n"};
    if (const auto waiting = totals.counters["enrich_partitions_waiting"]; waiting > 0) {
        return {.body = fmt::format("OK, {} partitions wait for a schema whose registry is away\n",
                                    waiting)};
    }
    for (const TopicState& state : totals.outputs_state) {
        if (!state.is_waited_for || is_log_silent(totals, now)) continue;
        return {.body = fmt::format("OK, rows wait for {}; see /ready\n",
                                    state.topic.empty() ? "the log" : "topic " + state.topic)};
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return {.status = 503, .body = fmt::format("nothing was committed for {} s\n", seconds)};
}

ops::AdminResponse ready(const Totals& totals, std::chrono::steady_clock::time_point now) {
    std::string body;
    if (totals.counters["enrich_log_connected"] == 0) body = "the log is not reached\n";
    for (const TopicState& state : totals.outputs_state) {
        if (!state.trouble) continue;
        body += fmt::format("cannot be written: {}{}\n",
                            state.topic.empty() ? "" : state.topic + ": ", *state.trouble);
    }
    if (totals.log_trouble) body += fmt::format("the log: {}\n", *totals.log_trouble);
    if (is_log_silent(totals, now)) {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(now - *totals.with_log_since);
        body += fmt::format("the log has not answered for {} s\n", seconds.count());
    }
    if (body.empty()) return {.body = "OK\n"};
    return {.status = 503, .body = std::move(body)};
}

ops::AdminResponse admin_page(std::string_view path, const Metrics& metrics,
                              const AdminState& state) {
    if (path == "/metrics") return metrics_page(metrics, state);
    if (path == "/health") {
        if (state.has_ended) return {.status = 503, .body = "ended\n"};
        return health(metrics.totals(), std::chrono::steady_clock::now());
    }
    if (path == "/ready") {
        return ready(metrics.totals(), std::chrono::steady_clock::now());
    }
    return {.status = 404, .body = "GET /metrics, /health, /ready or /loglevel\n"};
}

}  // namespace snowline::enricher
