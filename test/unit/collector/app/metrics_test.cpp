#include "collector/app/metrics.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace snowline;
using namespace snowline::collector;

namespace {

ops::StatsdSettings settings() {
    ops::StatsdSettings out;
    out.prefix = "snowplow.collector";
    out.tags = {{"app", "collector"}, {"env", "test"}};
    return out;
}

Exchange exchange(int status) {
    Exchange out;
    out.endpoint = "pixel";
    out.method = "GET";
    out.status = status;
    out.response_body_bytes = 43;
    out.duration = std::chrono::microseconds(3'400);
    return out;
}

}  // namespace

TEST_CASE("StatsD lines are the reference's: distributions at once, counters once a period") {
    StatsdLines lines(settings());
    CHECK(lines.began("GET", 5) ==
          "snowplow.collector.requests_bytes:5|d|#app:collector,env:test,method:GET\n");
    CHECK(lines.answered(exchange(503)) ==
          "snowplow.collector.responses_bytes:43|d|#app:collector,env:test,status:5xx,method:GET\n"
          "snowplow.collector.responses_duration:3|d|#app:collector,env:test,status:5xx,method:"
          "GET\n");
    lines.began("GET", 0);
    auto counters = lines.end_of_period();
    std::sort(counters.begin(), counters.end());
    CHECK(counters ==
          std::vector<std::string>{
              "snowplow.collector.requests_active:1|c|#app:collector,env:test,method:GET\n",
              "snowplow.collector.requests_count:2|c|#app:collector,env:test,method:GET\n",
              "snowplow.collector.responses_count:1|c|#app:collector,env:test,status:5xx,method:"
              "GET\n",
              "snowplow.collector.responses_errors_count:1|c|#app:collector,env:test,status:5xx,"
              "method:GET\n"});
    lines.answered(exchange(200));
    CHECK(lines.end_of_period().front() ==
          "snowplow.collector.requests_active:-1|c|#app:collector,env:test,method:GET\n");
    CHECK(lines.end_of_period().empty());
}

TEST_CASE("Prometheus counts requests by kind of path and status, and times them") {
    Metrics metrics(settings());
    metrics.answered(exchange(200));
    metrics.answered(exchange(200));
    metrics.refused(400, "framing");
    metrics.turned_away("accept_error");
    ops::PrometheusText page;
    metrics.write(page);
    const std::string text = std::move(page).take();
    for (const char* line :
         {"collector_http_requests_total{endpoint=\"pixel\",method=\"GET\",code=\"200\"} 2\n",
          "collector_http_rejected_total{code=\"400\",reason=\"framing\"} 1\n",
          "collector_http_connections_rejected_total{reason=\"accept_error\"} 1\n",
          "collector_http_request_duration_seconds_bucket{le=\"0.0025\"} 0\n",
          "collector_http_request_duration_seconds_bucket{le=\"0.005\"} 2\n",
          "collector_http_request_duration_seconds_bucket{le=\"+Inf\"} 2\n",
          "collector_http_request_duration_seconds_count 2\n"}) {
        CAPTURE(line);
        CHECK(text.find(line) != std::string::npos);
    }
}
