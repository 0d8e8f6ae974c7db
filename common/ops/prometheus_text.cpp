#include "common/ops/prometheus_text.h"

#include "common/text/utf8.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace snowline::ops {
namespace {

constexpr std::size_t kLabelBytesMax = 256;

std::string_view name_of(MetricType type) {
    switch (type) {
        case MetricType::kCounter:
            return "counter";
        case MetricType::kGauge:
            return "gauge";
        case MetricType::kHistogram:
            return "histogram";
    }
    return "";
}

// Prometheus rejects a whole page that has one malformed byte.
void append_value(std::string_view value, std::string& out) {
    for (const char c : text::to_valid_utf8(value.substr(0, kLabelBytesMax))) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '"') {
            out += "\\\"";
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
}

void append_label(const MetricLabel& label, std::string& out) {
    out += out.back() == '{' ? "" : ",";
    out += label.name;
    out += "=\"";
    append_value(label.value, out);
    out += '"';
}

}  // namespace

void PrometheusText::family(std::string_view name, MetricType type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   name_of(type));
}

void PrometheusText::histogram(MetricLabels labels, const Histogram& histogram) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < histogram.buckets().size(); ++i) {
        below += histogram.buckets()[i];
        const std::string edge =
            i < histogram.bounds().size() ? number(histogram.bounds()[i]) : "+Inf";
        line("_bucket", labels, {"le", edge}, std::to_string(below));
    }
    line("_sum", labels, {}, number(histogram.sum()));
    line("_count", labels, {}, std::to_string(histogram.count()));
}

void PrometheusText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, MetricType::kCounter, help);
    sample({}, value);
}

void PrometheusText::gauge(std::string_view name, std::string_view help, double value) {
    family(name, MetricType::kGauge, help);
    sample({}, value);
}

std::string PrometheusText::number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

void PrometheusText::line(std::string_view suffix, MetricLabels labels, MetricLabel more,
                          std::string_view value) {
    text_ += name_;
    text_ += suffix;
    if (labels.size() > 0 || !more.name.empty()) {
        text_ += '{';
        for (const MetricLabel& label : labels) append_label(label, text_);
        if (!more.name.empty()) append_label(more, text_);
        text_ += '}';
    }
    text_ += ' ';
    text_ += value;
    text_ += '\n';
}

}  // namespace snowline::ops
