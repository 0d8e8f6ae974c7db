#pragma once

#include "common/ops/prometheus_text.h"

#include <string_view>

namespace snowline::ops {

/// Writes `snowline_build_info` and Prometheus' usual `process_*`: once a page, so the program that
/// serves it calls this. `program` is `collector`, `enricher` or `up`.
void write_process_metrics(std::string_view program, PrometheusText& text);

}  // namespace snowline::ops
