#include "enricher/metrics/metrics.h"

#include "enricher/metrics/admin_page.h"
#include "enricher/metrics/metrics_page.h"
#include "enricher/metrics/metrics_reports.h"

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::enricher;
using namespace std::chrono_literals;

namespace {

Tally a_tally() {
    Tally tally;
    RecordFacts facts;
    facts.events = {{.app_id = "shop", .schema = "com.acme/buy/jsonschema/1-0-0"},
                    {.app_id = "shop", .schema = "com.acme/buy/jsonschema/1-0-0"},
                    {.verdict = Verdict::kBad,
                     .app_id = "blog\xff",
                     .schema = "com.acme/odd/jsonschema/1-0-0",
                     .bad_type = "schema_violations"}};
    facts.steps = {{.kind = EnrichmentKind::kIpLookups, .time = 3us, .failed = false},
                   {.kind = EnrichmentKind::kIpLookups, .time = 2ms, .failed = true}};
    facts.collected_ms = 1'000'000;
    facts.counters.add("enrich_invalid_accepted_total");
    const std::vector<Row> rows{{.output = 0, .value = "12345"},
                                {.output = 0, .value = "123"},
                                {.output = 1, .value = "{}"},
                                {.output = 2, .value = "1"}};
    tally.add(facts, rows);
    return tally;
}

Outputs counted_outputs() {
    Output routed = good_output("orders");
    routed.name = "orders";
    return Outputs({good_output(), bad_output(), failed_output(), routed});
}

BatchReport a_report(Tally tally) {
    return {.tally = std::move(tally),
            .next = {{"raw", 0, 12}},
            .records = 1,
            .oldest_record_ms = 1'000'000,
            .mapping = 3ms,
            .committing = 20ms};
}

std::string page(const Totals& totals) {
    ops::PrometheusText text;
    write_metrics(totals, {.cached = 4, .outage = 2}, "enrich", text);
    return std::move(text).take();
}

bool has(const std::string& page, const std::string& line) {
    return page.find('\n' + line + '\n') != std::string::npos;
}

}  // namespace

TEST_CASE("what workers counted shows once their batch is committed") {
    Tally both;
    both.merge(a_tally());
    both.merge(a_tally());
    Metrics metrics;
    metrics.counts_for(counted_outputs());
    const log::PartitionLag lag{.of = {"raw", 0}, .committed = 10, .end = 20};
    metrics.looked_up({&lag, 1});
    CHECK(has(page(metrics.totals()), R"(enrich_events_total{result="good"} 0)"));
    metrics.committed(a_report(std::move(both)));

    const std::string text = page(metrics.totals());
    CAPTURE(text);
    for (
        const char* line : {
            R"(enrich_records_total 1)",
            R"(enrich_events_total{result="good"} 4)",
            R"(enrich_events_total{result="bad"} 2)",
            R"(enrich_invalid_accepted_total 2)",
            R"(enrich_rows_total{output="good"} 4)",
            R"(enrich_rows_total{output="good_json"} 0)",
            R"(enrich_rows_total{output="bad"} 2)",
            R"(enrich_rows_total{output="failed"} 2)",
            R"(enrich_rows_total{output="pii"} 0)",
            R"(enrich_rows_total{output="orders"} 0)",
            R"(enrich_row_bytes_total{output="good"} 16)",
            R"(enrich_app_events_total{app_id="shop",result="good"} 4)",
            "enrich_app_events_total{app_id=\"blog\xef\xbf\xbd\",result=\"bad\"} 2",
            R"(enrich_app_events_total{app_id="other",result="good"} 0)",
            R"(enrich_schema_events_total{schema="com.acme/buy/jsonschema/1-0-0"} 4)",
            R"(enrich_bad_rows_total{type="schema_violations",schema="com.acme/odd/jsonschema/1-0-0"} 2)",
            R"(enrich_enrichment_duration_seconds_bucket{enrichment="ip_lookups",le="5e-06"} 2)",
            R"(enrich_enrichment_duration_seconds_count{enrichment="ip_lookups"} 4)",
            R"(enrich_enrichment_failures_total{enrichment="ip_lookups"} 2)",
            R"(enrich_event_delay_seconds_bucket{le="86400"} 0)",
            R"(enrich_event_delay_seconds_count 6)",
            R"(enrich_txn_duration_seconds_bucket{le="0.025"} 1)",
            R"(enrich_txn_commits_total{outcome="committed"} 1)",
            R"(kafka_consumergroup_group_lag{group="enrich",topic="raw",partition="0"} 8)",
            R"(kafka_consumergroup_group_offset{group="enrich",topic="raw",partition="0"} 12)",
            R"(kafka_partition_latest_offset{topic="raw",partition="0"} 20)",
            R"(enrich_schema_lookups_total{result="outage"} 2)",
        }) {
        CAPTURE(line);
        CHECK(has(text, line));
    }
}

TEST_CASE("an app that calls itself other has no series of its own") {
    Metrics metrics;
    Tally tally;
    RecordFacts facts;
    facts.events = {{.app_id = "other", .schema = "a/b/jsonschema/1-0-0"}};
    tally.add(facts, {});
    metrics.committed(a_report(std::move(tally)));
    const std::string text = page(metrics.totals());
    const std::string series = R"(enrich_app_events_total{app_id="other",result="good"} )";
    CHECK(text.find(series + "1\n") != std::string::npos);
    CHECK(text.find(series) == text.rfind(series));
}

TEST_CASE("StatsD gets the reference's names, each reporter its own period") {
    Metrics metrics;
    metrics.counts_for(counted_outputs());
    metrics.committed(a_report(a_tally()));
    auto counts = metrics.take_period(Reporter::kStatsd);
    REQUIRE(counts.from_collector);
    counts.from_collector = 1500ms;
    counts.from_raw = 200ms;
    CHECK(statsd_lines(counts,
                       {.prefix = "snowplow.enrich", .tags = {{"env", "prod"}, {"a", "b"}}}) ==
          std::vector<std::string>{
              "snowplow.enrich.raw:1|c|#env:prod,a:b\n",
              "snowplow.enrich.good:2|c|#env:prod,a:b\n",
              "snowplow.enrich.good_bytes:8|c|#env:prod,a:b\n",
              "snowplow.enrich.bad:1|c|#env:prod,a:b\n",
              "snowplow.enrich.incomplete:1|c|#env:prod,a:b\n",
              "snowplow.enrich.failed:1|c|#env:prod,a:b\n",
              "snowplow.enrich.invalid_enriched:1|c|#env:prod,a:b\n",
              "snowplow.enrich.latency:1500|g|#env:prod,a:b\n",
              "snowplow.enrich.e2e_latency_millis:1500|g|#env:prod,a:b\n",
              "snowplow.enrich.latency_millis:200|g|#env:prod,a:b\n",
          });
    const auto quiet = statsd_lines(metrics.take_period(Reporter::kStatsd), {.prefix = "x."});
    REQUIRE(quiet.size() == 7);
    CHECK(quiet[1] == "x.good:0|c\n");
    CHECK(stdout_lines(metrics.take_period(Reporter::kStdout), "snowplow.enrich.")[1] ==
          "snowplow.enrich.good = 2\n");
}

TEST_CASE("two minutes without progress are not healthy, but for a schema's registry") {
    Totals totals;
    const auto start = std::chrono::steady_clock::now();
    CHECK(health(totals, start + 100s).status == 200);
    CHECK(health(totals, start + 121s).status == 503);
    totals.counters.set("enrich_partitions_waiting", 1);
    CHECK(health(totals, start + 121s).status == 200);
}

TEST_CASE("rows that wait for a topic are healthy: a restart does not help") {
    Metrics metrics;
    const auto later = std::chrono::steady_clock::now() + 3min;
    const auto health_with = [&](std::vector<TopicState> states) {
        metrics.outputs_are(std::move(states));
        return health(metrics.totals(), later);
    };
    const TopicState waited_for{.topic = "good", .trouble = "gone", .is_waited_for = true};
    CHECK(health_with({{.topic = "bad"}, waited_for}).body ==
          "OK, rows wait for topic good; see /ready\n");
    CHECK(health_with({{.topic = "", .trouble = "no right", .is_waited_for = true}}).body ==
          "OK, rows wait for the log; see /ready\n");
    CHECK(health_with({{.topic = "good"}, {.topic = "bad"}}).status == 503);
    // Its rows are parked, and all others go on.
    CHECK(health_with({{.topic = "good", .trouble = "gone"}}).status == 503);
    // It is the log that does not answer.
    metrics.with_log(true);
    CHECK(health_with({waited_for}).status == 503);
    metrics.with_log(false);
    CHECK(health_with({waited_for}).status == 200);
}

TEST_CASE("an enricher is ready while it reads and every topic can be written") {
    const auto now = std::chrono::steady_clock::now();
    Metrics metrics;
    CHECK(ready(metrics.totals(), now).body == "the log is not reached\n");
    metrics.connected(true);
    CHECK(ready(metrics.totals(), now).body == "OK\n");
    metrics.outputs_are({{.topic = "good", .trouble = "gone; create it"}, {.topic = "bad"}});
    CHECK(ready(metrics.totals(), now).status == 503);
    CHECK(ready(metrics.totals(), now).body == "cannot be written: good: gone; create it\n");
    metrics.outputs_are({{.topic = "good"}, {.topic = "bad"}});
    metrics.log_failed("Failed to acquire transactional PID");
    CHECK(ready(metrics.totals(), now).body == "the log: Failed to acquire transactional PID\n");
    metrics.committed({});
    CHECK(ready(metrics.totals(), now).body == "OK\n");
    metrics.with_log(true);
    CHECK(ready(metrics.totals(), now).body == "OK\n");
    CHECK(ready(metrics.totals(), now + std::chrono::seconds(11)).status == 503);
    metrics.with_log(false);
    CHECK(ready(metrics.totals(), now + std::chrono::seconds(11)).body == "OK\n");
}
