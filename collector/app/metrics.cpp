#include "collector/app/metrics.h"

#include "common/ops/logging.h"

#include <fmt/format.h>

namespace snowline::collector {
namespace {

std::string status_tag(const Exchange& exchange) {
    return fmt::format("status:{}xx,method:{}", exchange.status / 100, exchange.method);
}

std::string method_tag(std::string_view method) {
    return fmt::format("method:{}", method);
}

}  // namespace

StatsdLines::StatsdLines(const ops::StatsdSettings& settings) : prefix_(settings.prefix) {
    if (!prefix_.empty() && !prefix_.ends_with('.')) prefix_ += '.';
    for (const auto& [name, value] : settings.tags) tags_ += name + ":" + value + ",";
}

std::string StatsdLines::began(std::string_view method, std::uint64_t body_bytes) {
    const std::string tag = method_tag(method);
    ++counters_[{"requests_count", tag}];
    ++counters_[{"requests_active", tag}];
    return line("requests_bytes", static_cast<std::int64_t>(body_bytes), 'd', tag);
}

std::string StatsdLines::answered(const Exchange& exchange) {
    const std::string tag = status_tag(exchange);
    --counters_[{"requests_active", method_tag(exchange.method)}];
    ++counters_[{"responses_count", tag}];
    if (exchange.status >= 500) ++counters_[{"responses_errors_count", tag}];
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(exchange.duration);
    return line("responses_bytes", static_cast<std::int64_t>(exchange.response_body_bytes), 'd',
                tag) +
           line("responses_duration", milliseconds.count(), 'd', tag);
}

std::vector<std::string> StatsdLines::end_of_period() {
    std::vector<std::string> out;
    for (const auto& [key, value] : counters_)
        out.push_back(line(key.first, value, 'c', key.second));
    counters_.clear();
    return out;
}

std::string StatsdLines::line(std::string_view name, std::int64_t value, char type,
                              const std::string& tags) const {
    return fmt::format("{}{}:{}|{}|#{}{}\n", prefix_, name, value, type, tags_, tags);
}

Metrics::Metrics(const ops::StatsdSettings& statsd) : lines_(statsd) {
    if (!statsd.enabled) return;
    auto sender = ops::StatsdSender::open(statsd.hostname, statsd.port);
    if (!sender) {
        ops::log(ops::Level::kError, "no metrics are sent", {{"reason", sender.error()}});
        return;
    }
    sender_ = std::move(*sender);
    periodic_ = std::thread([this, period = statsd.period] { send_periodically(period); });
}

Metrics::~Metrics() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stopping_.notify_all();
    if (periodic_.joinable()) periodic_.join();
}

void Metrics::began(std::string_view method, std::uint64_t body_bytes) {
    if (!sender_) return;
    std::string datagram;
    {
        const std::lock_guard lock(mutex_);
        datagram = lines_.began(method, body_bytes);
    }
    sender_->send(datagram);
}

void Metrics::answered(const Exchange& exchange) {
    const double seconds = std::chrono::duration<double>(exchange.duration).count();
    std::string datagram;
    {
        const std::lock_guard lock(mutex_);
        ++requests_[{exchange.endpoint, exchange.method, exchange.status}];
        seconds_.add(seconds);
        if (sender_) datagram = lines_.answered(exchange);
    }
    if (sender_) sender_->send(datagram);
}

void Metrics::refused(int status, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    ++refused_[{status, reason}];
}

void Metrics::turned_away(std::string_view reason) {
    const std::lock_guard lock(mutex_);
    ++turned_away_[reason];
}

void Metrics::applied(std::string_view rule, std::string_view action) {
    const std::lock_guard lock(mutex_);
    ++applied_[{rule, action}];
}

void Metrics::write(ops::PrometheusText& text) const {
    using ops::MetricType;
    const std::lock_guard lock(mutex_);
    text.family("collector_http_requests_total", MetricType::kCounter, "Answered requests.");
    for (const auto& [key, count] : requests_) {
        const auto& [endpoint, method, status] = key;
        const std::string code = std::to_string(status);
        text.sample({{"endpoint", endpoint}, {"method", method}, {"code", code}}, count);
    }
    text.family("collector_http_rejected_total", MetricType::kCounter,
                "What was no request, or is not let in.");
    for (const auto& [key, count] : refused_) {
        const std::string code = std::to_string(key.first);
        text.sample({{"code", code}, {"reason", key.second}}, count);
    }
    text.family("collector_http_connections_rejected_total", MetricType::kCounter,
                "Connections closed before a request came.");
    for (const auto& [reason, count] : turned_away_) text.sample({{"reason", reason}}, count);
    text.family("collector_privacy_requests_total", MetricType::kCounter,
                "Requests that a privacy rule was applied to.");
    for (const auto& [key, count] : applied_) {
        text.sample({{"rule", key.first}, {"action", key.second}}, count);
    }
    text.family("collector_http_request_duration_seconds", MetricType::kHistogram,
                "From the end of a request's head to its answer.");
    text.histogram({}, seconds_);
}

void Metrics::send_periodically(std::chrono::milliseconds period) {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        stopping_.wait_for(lock, period, [this] { return stopped_; });
        for (const std::string& datagram : lines_.end_of_period()) sender_->send(datagram);
    }
}

}  // namespace snowline::collector
