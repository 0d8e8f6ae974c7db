#pragma once

#include "common/config/values.h"
#include "common/ops/statsd_settings.h"

#include <chrono>
#include <optional>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// Key `monitoring`.
struct ReportSettings {
    /// Key `metrics.statsd`; enabled where the section is there.
    ops::StatsdSettings statsd{.prefix = "snowplow.enrich."};

    struct Stdout {
        config::Duration period = std::chrono::seconds(10);
        std::string prefix = "snowplow.enrich.";
    };
    std::optional<Stdout> metrics_stdout;  // key `metrics.stdout`
};

/// Reads the section `monitoring`.
void read_monitoring(const config::Reader& section, ReportSettings& settings);

}  // namespace snowline::enricher
