#include "collector/app/admin_page.h"

#include "common/clock.h"
#include "common/ops/process_metrics.h"
#include "common/ops/prometheus_text.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace snowline::collector {
namespace {

using ops::MetricType;
using ops::PrometheusText;

void write_delivery(const DeliveryCounts& counts, std::string_view sink, PrometheusText& text) {
    text.counter("collector_events_received_total", "Payloads that were to be stored.",
                 counts.received);
    text.family("collector_events_acked_total", MetricType::kCounter,
                "Payloads answered as durable, by where they are.");
    text.sample({{"path", sink}}, counts.acked_by_log);
    text.sample({{"path", "spool"}}, counts.acked_by_spool);
    text.counter("collector_events_not_durable_total",
                 "Payloads that nothing took in time: 503, or lost in mode fast.",
                 counts.not_durable);
    text.counter("collector_requests_turned_away_total",
                 "Requests answered with 503 because what they bring would not be stored in time.",
                 counts.turned_away);
    text.family("collector_events_bad_total", MetricType::kCounter,
                "Bad rows of the collector, by type.");
    text.sample({{"type", "size_violation"}}, counts.bad_size_violation);
    text.sample({{"type", "generic_error"}}, counts.bad_generic_error);
    text.family("collector_records_refused_total", MetricType::kCounter,
                "Records that the log is there for and does not take.");
    text.sample({{"reason", "too_large"}}, counts.too_large);
    text.sample({{"reason", "unknown_topic"}}, counts.unknown_topic);
    text.sample({{"reason", "unknown_partition"}}, counts.unknown_partition);
    text.sample({{"reason", "timestamp"}}, counts.timestamp);
    text.sample({{"reason", "refused"}}, counts.refused);
    text.family("collector_records_changed_total", MetricType::kCounter,
                "Refused records that were sent again with something else.");
    text.sample({{"what", "partition"}}, counts.readdressed);
    text.sample({{"what", "timestamp"}}, counts.restamped);
}

void write_queues(const DeliveryCounts& counts, const Sinks& sinks, PrometheusText& text) {
    text.family("collector_kafka_delivery_seconds", MetricType::kHistogram,
                "From handing a record to Kafka's client to its report.");
    text.histogram({{"outcome", "ok"}}, counts.ok);
    text.histogram({{"outcome", "failed"}}, counts.failed);
    text.histogram({{"outcome", "abandoned"}}, counts.abandoned);
    log::DurableProducer::Queue queued;
    for (const log::DurableProducer* producer : {&sinks.good, &sinks.bad}) {
        const auto queue = producer->queue();
        queued.records += queue.records;
        queued.bytes += queue.bytes;
        queued.fatal_errors += queue.fatal_errors;
    }
    text.gauge("collector_kafka_queue_messages", "Records that Kafka has not acknowledged.",
               static_cast<double>(queued.records));
    text.gauge("collector_kafka_queue_bytes", "Their payloads' bytes.",
               static_cast<double>(queued.bytes));
    text.counter("collector_kafka_fatal_errors_total",
                 "Times that Kafka's client had to be replaced.", queued.fatal_errors);
}

const char* name_of(log::spool::Health health) {
    switch (health) {
        case log::spool::Health::kTakes:
            return "takes";
        case log::spool::Health::kFull:
            return "full";
        case log::spool::Health::kFailing:
            return "failing";
        case log::spool::Health::kStuck:
            return "stuck";
    }
    return "";
}

const char* name_of(log::Reason reason) {
    switch (reason) {
        case log::Reason::kTooLarge:
            return "too_large";
        case log::Reason::kUnknownTopic:
            return "unknown_topic";
        case log::Reason::kUnknownPartition:
            return "unknown_partition";
        case log::Reason::kTimestamp:
            return "timestamp";
        case log::Reason::kRefused:
            return "refused";
        case log::Reason::kFull:
        case log::Reason::kQueueFull:
        case log::Reason::kUnavailable:
        case log::Reason::kStale:
        case log::Reason::kFenced:
        case log::Reason::kConflict:
        case log::Reason::kBroken:
            break;
    }
    return "unavailable";
}

void write_parked(const DeliveryCounts& counts, PrometheusText& text) {
    text.family("collector_spool_parked_records", MetricType::kGauge,
                "Records in the spool that the log does not take now; others go on.");
    for (const auto& [key, count] : counts.parked) {
        text.sample({{"topic", key.first}, {"reason", name_of(key.second)}}, count);
    }
}

void write_spool(const log::spool::Spool& spool, std::uint64_t drained, PrometheusText& text) {
    using log::spool::Health;
    const auto level = spool.level();
    const auto age_ms =
        level.oldest_ms == 0 ? 0 : std::max<std::int64_t>(now_ms() - level.oldest_ms, 0);
    text.gauge("collector_spool_records", "Records in the spool.",
               static_cast<double>(level.records));
    text.gauge("collector_spool_bytes", "Bytes of the spool's file that are in use.",
               static_cast<double>(level.bytes));
    text.gauge("collector_spool_oldest_age_seconds", "Since the oldest of its records arrived.",
               static_cast<double>(age_ms) / 1000);
    text.counter("collector_spool_drained_total", "Records sent from the spool to Kafka.", drained);
    text.family("collector_spool_state", MetricType::kGauge, "1 for the state that it is in.");
    const Health now = spool.health();
    for (const Health state : {Health::kTakes, Health::kFull, Health::kFailing, Health::kStuck}) {
        text.sample({{"state", name_of(state)}}, state == now ? 1 : 0);
    }
    text.gauge("collector_spool_files_set_aside",
               "Broken files beside the spool's, for `snowline spool salvage`.",
               static_cast<double>(spool.files_set_aside()));
    text.family("collector_spool_fsync_seconds", MetricType::kHistogram,
                "Of a group's transaction, its fsync included.");
    text.histogram({}, spool.commit_seconds());
}

ops::AdminResponse metrics_page(const AdminState& state) {
    PrometheusText text;
    ops::write_process_metrics("collector", text);
    write_metrics(state, text);
    return {.content_type = std::string(ops::kPrometheusContentType),
            .body = std::move(text).take()};
}

const char* first_line(Readiness readiness) {
    switch (readiness) {
        case Readiness::kLog:
            return "OK: log\n";
        case Readiness::kSpool:
            return "OK: spool\n";
        case Readiness::kBadStream:
            return "OK: bad stream\n";
        case Readiness::kNowhere:
            break;
    }
    return "neither the log nor a spool takes records\n";
}

/// Names streams that cannot be written, whether or not the spool or the bad stream takes their
/// records, and says why there is no spool where there should be one.
ops::AdminResponse ready(const AdminState& state) {
    const Server& server = state.server;
    const Readiness readiness = server.readiness();
    ops::AdminResponse out{.body = first_line(readiness)};
    if (readiness == Readiness::kNowhere) out.status = 503;
    for (const StreamState& stream : server.streams()) {
        if (!stream.trouble) continue;
        std::string trouble = *stream.trouble;  // with the command that helps: of several lines
        std::replace(trouble.begin(), trouble.end(), '\n', ' ');
        out.body += "cannot be written: " + stream.topic + ": " + trouble + "\n";
    }
    const std::string trouble = state.sinks.spool != nullptr ? state.sinks.spool->trouble() : "";
    if (!trouble.empty()) out.body += "no spool: " + trouble.substr(0, trouble.find('\n')) + "\n";
    return out;
}

}  // namespace

void write_metrics(const AdminState& state, PrometheusText& text) {
    state.metrics.write(text);
    text.family("collector_http_connections", MetricType::kGauge, "Connections.");
    text.sample({{"state", "open"}}, state.server.connections());
    const auto counts = state.server.delivery_counts();
    write_delivery(counts, kSinkKinds.name_of(state.settings.streams.sink), text);
    const auto readiness = state.server.readiness();
    text.gauge("collector_log_healthy", "1 while the log takes records.",
               readiness == Readiness::kLog ? 1 : 0);
    text.family("collector_stream_writable", MetricType::kGauge,
                "1 while the log takes the stream's records.");
    for (const StreamState& stream : state.server.streams()) {
        text.sample({{"topic", stream.topic}}, stream.trouble ? 0 : 1);
    }
    // These metrics are named after Kafka.
    if (state.settings.streams.sink == SinkKind::kKafka) write_queues(counts, state.sinks, text);
    if (state.sinks.spool != nullptr) {
        write_spool(*state.sinks.spool, counts.drained, text);
        write_parked(counts, text);
    }
}

ops::AdminResponse admin_page(std::string_view path, const AdminState& state) {
    if (path == "/metrics") return metrics_page(state);
    if (path == "/health") return {.body = "OK\n"};
    if (path == "/ready") return ready(state);
    return {.status = 404, .body = "GET /metrics, /health, /ready or /loglevel\n"};
}

}  // namespace snowline::collector
