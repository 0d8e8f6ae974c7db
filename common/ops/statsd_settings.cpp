#include "common/ops/statsd_settings.h"

#include "common/config/reader.h"

namespace snowline::ops {

void read_statsd(const config::Reader& section, StatsdSettings& settings) {
    section.read("enabled", settings.enabled);
    section.read("hostname", settings.hostname);
    section.read("port", settings.port);
    section.read("period", settings.period, std::chrono::milliseconds(1));
    section.read("prefix", settings.prefix);
    section.read("tags", settings.tags);
}

}  // namespace snowline::ops
