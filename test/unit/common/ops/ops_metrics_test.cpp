#include "common/ops/counters.h"
#include "common/ops/histogram.h"
#include "common/ops/process_metrics.h"
#include "common/ops/prometheus_text.h"
#include "common/ops/top_counts.h"

#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace snowline::ops;

namespace {

std::map<std::string, std::uint64_t> shown(const TopCounts<1>& counts) {
    std::map<std::string, std::uint64_t> out;
    counts.for_each([&](std::string_view name, const auto& of) { out[std::string(name)] = of[0]; });
    out["other"] = counts.other()[0];
    return out;
}

}  // namespace

TEST_CASE("the Prometheus page has a family's lines, and histograms count up") {
    constexpr std::array kBounds{0.1, 1.0};
    Histogram times(kBounds);
    times.add(0.1);
    times.add(0.5, 2);
    Histogram more(kBounds);
    more.add(7);
    times.merge(more);
    PrometheusText text;
    text.counter("a_total", "First.", 3);
    text.family("b_seconds", MetricType::kHistogram, "Second.");
    text.histogram({{"step", "x"}}, times);
    CHECK(std::move(text).take() ==
          "# HELP a_total First.\n# TYPE a_total counter\na_total 3\n"
          "# HELP b_seconds Second.\n# TYPE b_seconds histogram\n"
          "b_seconds_bucket{step=\"x\",le=\"0.1\"} 1\n"
          "b_seconds_bucket{step=\"x\",le=\"1\"} 3\n"
          "b_seconds_bucket{step=\"x\",le=\"+Inf\"} 4\n"
          "b_seconds_sum{step=\"x\"} 8.1\n"
          "b_seconds_count{step=\"x\"} 4\n");
}

TEST_CASE("a label's value may be anything") {
    PrometheusText text;
    text.family("a", MetricType::kGauge, "First.");
    text.sample({{"x", "a\"b\\c\nd\xff"}, {"y", std::string(1000, 'y')}}, 1);
    CHECK(std::move(text).take() ==
          fmt::format("# HELP a First.\n# TYPE a gauge\n"
                      "a{{x=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\",y=\"{}\"}} 1\n",
                      std::string(256, 'y')));
}

TEST_CASE("a process tells about itself") {
    PrometheusText text;
    write_process_metrics("test", text);
    const std::string page = std::move(text).take();
    CHECK(page.find("snowline_build_info{program=\"test\",version=\"") != std::string::npos);
    CHECK(page.find("process_resident_memory_bytes 0\n") == std::string::npos);
    CHECK(page.find("process_start_time_seconds 0\n") == std::string::npos);
    CHECK(page.find("process_open_fds 0\n") == std::string::npos);
}

TEST_CASE("the heaviest names are counted apart, the others together") {
    TopCounts<1> counts(2);
    counts.add("a", {10});
    counts.add("b", {5});
    counts.add("c", {3});
    CHECK(shown(counts) == std::map<std::string, std::uint64_t>{{"a", 10}, {"b", 5}, {"other", 3}});
    counts.add("c", {3});  // 6 in all: heavier than b
    CHECK(shown(counts) ==
          std::map<std::string, std::uint64_t>{{"a", 10}, {"c", 0}, {"other", 11}});
    counts.add("c", {4});
    CHECK(shown(counts) ==
          std::map<std::string, std::uint64_t>{{"a", 10}, {"c", 4}, {"other", 11}});
}

TEST_CASE("a flood of names hides no heavy one, and takes no space") {
    TopCounts<1> counts(3);
    for (int i = 0; i < 10; ++i) counts.add(fmt::format("odd {}", i), {1});
    for (int i = 0; i < 1000; ++i) {
        counts.add("shop", {5});
        counts.add(fmt::format("odd {}", i), {1});
    }
    const auto all = shown(counts);
    CHECK(all.size() == 4);
    REQUIRE(all.contains("shop"));
    CHECK(all.at("shop") > 4900);
    std::uint64_t sum = 0;
    for (const auto& [name, count] : all) sum += count;
    CHECK(sum == 10 + 1000 * 6);
}

namespace {

constexpr std::array kTable{
    CounterInfo{"a_total", MetricType::kCounter, "First."},
    CounterInfo{"b_total{result=x}", MetricType::kCounter, "Second."},
    CounterInfo{"b_total{result=y}", MetricType::kCounter, {}},
    CounterInfo{"c", MetricType::kGauge, "Third."},
};

}  // namespace

TEST_CASE("a table's numbers are shown by its names, series of one family under one head") {
    Counters<kTable> counters, others;
    counters.add("a_total");
    counters.add("b_total{result=y}", 2);
    others.add("a_total", 4);
    others.set("c", 9);
    counters.merge(others);
    CHECK(counters["a_total"] == 5);
    PrometheusText text;
    counters.write(text);
    CHECK(std::move(text).take() ==
          "# HELP a_total First.\n# TYPE a_total counter\na_total 5\n"
          "# HELP b_total Second.\n# TYPE b_total counter\n"
          "b_total{result=\"x\"} 0\nb_total{result=\"y\"} 2\n"
          "# HELP c Third.\n# TYPE c gauge\nc 9\n");
}
