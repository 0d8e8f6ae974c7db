#include "enricher/metrics/settings.h"

#include "common/config/reader.h"

namespace snowline::enricher {

using config::Reader;

void read_monitoring(const Reader& monitoring, ReportSettings& settings) {
    monitoring.accept("sentry");
    const Reader metrics = monitoring.section("metrics");
    settings.statsd.enabled = metrics.has("statsd");
    ops::read_statsd(metrics.section("statsd"), settings.statsd);
    if (metrics.has("stdout")) {
        const Reader out = metrics.section("stdout");
        ReportSettings::Stdout stdout_settings;
        out.read("period", stdout_settings.period, config::Duration(1));
        out.read("prefix", stdout_settings.prefix);
        settings.metrics_stdout = stdout_settings;
    }
}

}  // namespace snowline::enricher
