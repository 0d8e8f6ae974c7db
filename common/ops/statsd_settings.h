#pragma once

#include "common/config/values.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::ops {

/// Key `monitoring.metrics.statsd` of both programs; `prefix` and `tags` have each its own
/// defaults.
struct StatsdSettings {
    bool enabled = false;
    std::string hostname = "localhost";
    std::uint16_t port = 8125;
    config::Duration period = std::chrono::seconds(10);
    std::string prefix;
    config::StringMap tags;
};

/// Reads the section `statsd`.
void read_statsd(const config::Reader& section, StatsdSettings& settings);

}  // namespace snowline::ops
