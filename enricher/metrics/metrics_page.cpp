#include "enricher/metrics/metrics_page.h"

#include "common/clock.h"
#include "enricher/enrich/enrichment_kind.h"

#include <string>

namespace snowline::enricher {
namespace {

using ops::kOther;
using ops::MetricType;
using ops::PrometheusText;

constexpr std::array<std::string_view, kVerdicts> kVerdictNames{"good", "bad"};

double seconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

void write_rows(const Totals& totals, PrometheusText& text) {
    text.family("enrich_events_total", MetricType::kCounter, "Events, by what became of them.");
    for (std::size_t i = 0; i < kVerdicts; ++i) {
        text.sample({{"result", kVerdictNames[i]}}, totals.events[i]);
    }
    text.family("enrich_rows_total", MetricType::kCounter, "Rows committed.");
    for (const OutputTotals& output : totals.outputs) {
        text.sample({{"output", output.name}}, output.rows);
    }
    text.family("enrich_row_bytes_total", MetricType::kCounter, "Bytes of rows committed.");
    for (const OutputTotals& output : totals.outputs) {
        text.sample({{"output", output.name}}, output.bytes);
    }
}

void write_apps(const Totals& totals, PrometheusText& text) {
    text.family("enrich_app_events_total", MetricType::kCounter,
                "Events by app id, the heaviest and other.");
    const auto app = [&](std::string_view name, const Tally::Verdicts& events) {
        for (std::size_t i = 0; i < kVerdicts; ++i) {
            text.sample({{"app_id", name}, {"result", kVerdictNames[i]}}, events[i]);
        }
    };
    // A tracker's app id may be `other`, too: one series for both.
    Tally::Verdicts other = totals.apps.other();
    totals.apps.for_each([&](std::string_view name, const Tally::Verdicts& events) {
        if (name != kOther) return app(name, events);
        for (std::size_t i = 0; i < kVerdicts; ++i) other[i] += events[i];
    });
    app(kOther, other);
}

void write_schemas(const Totals& totals, PrometheusText& text) {
    text.family("enrich_schema_events_total", MetricType::kCounter,
                "Good events by schema, the most frequent and other.");
    totals.schemas.for_each([&](std::string_view schema, const auto& events) {
        text.sample({{"schema", schema}}, events[0]);
    });
    text.sample({{"schema", kOther}}, totals.schemas.other()[0]);
    text.family("enrich_old_schema_uses_total", MetricType::kCounter,
                "Events with data of a deprecated or sunset schema, by schema and application.");
    totals.old_schemas.for_each([&](std::string_view use, const auto& events) {
        const auto tab = use.find('\t');
        text.sample({{"schema", use.substr(0, tab)}, {"app_id", use.substr(tab + 1)}}, events[0]);
    });
    text.sample({{"schema", kOther}, {"app_id", kOther}}, totals.old_schemas.other()[0]);
    text.family("enrich_bad_rows_total", MetricType::kCounter,
                "Bad rows by type and by the first schema that was not conformed to or not found.");
    for (const auto& [type, schemas] : totals.bad) {
        schemas.for_each([&, &kind = type](std::string_view schema, const auto& rows) {
            text.sample({{"type", kind}, {"schema", schema}}, rows[0]);
        });
        text.sample({{"type", type}, {"schema", kOther}}, schemas.other()[0]);
    }
}

void write_enrichments(const Totals& totals, PrometheusText& text) {
    // Only the configured enrichments, as others are never called.
    const auto each = [&](auto show) {
        for (std::size_t i = 0; i < kEnrichmentKinds; ++i) {
            const auto& enrichment = totals.enrichments[i];
            if (enrichment.seconds.count() == 0) continue;
            show(name_of(static_cast<EnrichmentKind>(i)), enrichment);
        }
    };
    text.family("enrich_enrichment_duration_seconds", MetricType::kHistogram,
                "Time of one enrichment for one event.");
    each([&](std::string_view name, const auto& of) {
        text.histogram({{"enrichment", name}}, of.seconds);
    });
    text.family("enrich_enrichment_failures_total", MetricType::kCounter,
                "Events that became bad because of an enrichment.");
    each([&](std::string_view name, const auto& of) {
        text.sample({{"enrichment", name}}, of.failures);
    });
}

void write_batches(const Totals& totals, PrometheusText& text) {
    const auto histogram = [&](std::string_view name, std::string_view help, const auto& values) {
        text.family(name, MetricType::kHistogram, help);
        text.histogram({}, values);
    };
    histogram("enrich_event_delay_seconds", "Collector's timestamp to commit, of each event.",
              totals.event_delay);
    histogram("enrich_batch_records", "Records of a committed batch.", totals.batch_records);
    histogram("enrich_batch_duration_seconds", "From a batch's last record read to its rows made.",
              totals.batch_seconds);
    histogram("enrich_txn_duration_seconds", "Transactions, those that failed, too.",
              totals.txn_seconds);
    text.family("enrich_output_writable", MetricType::kGauge,
                "1 while the log takes what is written to the topic.");
    for (const TopicState& state : totals.outputs_state) {
        if (!state.topic.empty()) text.sample({{"topic", state.topic}}, state.trouble ? 0 : 1);
    }
}

void write_progress(const Progress& progress, std::string_view group, PrometheusText& text) {
    const auto now = std::chrono::steady_clock::now();
    const auto partitions = progress.partitions(now, now_ms());
    text.gauge("enrich_progress_age_seconds",
               "Since something was committed or there was nothing to do.",
               seconds(progress.age(now)));

    const auto each = [&](std::string_view name, std::string_view help, auto value, bool by_group) {
        text.family(name, MetricType::kGauge, help);
        for (const auto& report : partitions) {
            const std::string number = std::to_string(report.of.partition);
            if (by_group) {
                text.sample({{"group", group}, {"topic", report.of.topic}, {"partition", number}},
                            value(report));
            } else {
                text.sample({{"topic", report.of.topic}, {"partition", number}}, value(report));
            }
        }
    };
    using Report = Progress::Report;
    each(
        "enrich_partition_stalled_seconds", "Since the position moved, while there is lag.",
        [](const Report& r) { return seconds(r.stalled); }, false);
    each(
        "kafka_consumergroup_group_lag", "Records behind the committed position.",
        [](const Report& r) { return r.lag; }, true);
    each(
        "kafka_consumergroup_group_lag_seconds", "Age of the oldest record not committed.",
        [](const Report& r) { return seconds(r.lag_age); }, true);
    each(
        "kafka_consumergroup_group_offset", "The committed position.",
        [](const Report& r) { return r.committed; }, true);
    each(
        "kafka_partition_latest_offset", "The end of what can be read.",
        [](const Report& r) { return r.end; }, false);
}

void write_lookups(const iglu::LookupCounts& lookups, PrometheusText& text) {
    text.family("enrich_schema_lookups_total", MetricType::kCounter,
                "Schema look-ups beyond a worker's own memory.");
    text.sample({{"result", "cached"}}, lookups.cached);
    text.sample({{"result", "found"}}, lookups.found);
    text.sample({{"result", "unusable"}}, lookups.unusable);
    text.sample({{"result", "not_found"}}, lookups.not_found);
    text.sample({{"result", "outage"}}, lookups.outage);
    text.sample({{"result", "stale"}}, lookups.stale);
}

}  // namespace

void write_metrics(const Totals& totals, const iglu::LookupCounts& lookups, std::string_view group,
                   PrometheusText& text) {
    totals.counters.write(text);
    write_rows(totals, text);
    write_apps(totals, text);
    write_schemas(totals, text);
    write_enrichments(totals, text);
    write_batches(totals, text);
    write_progress(totals.progress, group, text);
    write_lookups(lookups, text);
}

}  // namespace snowline::enricher
