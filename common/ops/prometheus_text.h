#pragma once

#include "common/ops/histogram.h"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace snowline::ops {

inline constexpr std::string_view kPrometheusContentType = "text/plain; version=0.0.4";

struct MetricLabel {
    std::string_view name;
    std::string_view value;  // any bytes: escaped, made valid UTF-8, and cut at 256 bytes
};
using MetricLabels = std::initializer_list<MetricLabel>;

enum class MetricType { kCounter, kGauge, kHistogram };

/// Prometheus' text format, one family after the other:
///
///     PrometheusText text;
///     text.family("enrich_rows_total", MetricType::kCounter, "Rows written.");
///     text.sample({{"output", "good"}}, 12);
///     text.family("enrich_txn_duration_seconds", MetricType::kHistogram, "…");
///     text.histogram({}, durations);
///     return std::move(text).take();
///
/// A family without samples still has its HELP and TYPE lines, so that all families are visible.
class PrometheusText {
public:
    /// `help`: one line, ends with a full stop.
    void family(std::string_view name, MetricType type, std::string_view help);

    /// A sample of the family that was begun last.
    void sample(MetricLabels labels, double value) { line("", labels, {}, number(value)); }
    void sample(MetricLabels labels, std::integral auto value) {
        line("", labels, {}, std::to_string(value));
    }
    void histogram(MetricLabels labels, const Histogram& histogram);

    /// A family with one sample without labels.
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, double value);

    /// Appends another writer's text; no family may be in both.
    void append(std::string_view text) { text_ += text; }

    std::string take() && { return std::move(text_); }

private:
    static std::string number(double value);
    void line(std::string_view suffix, MetricLabels labels, MetricLabel more,
              std::string_view value);

    std::string text_;
    std::string name_;  // of the family
};

}  // namespace snowline::ops
