#pragma once

#include "common/config/values.h"

#include <chrono>
#include <string>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// Key `snowline.dedupe`: copies of records that the collector wrote twice are dropped, with Kafka.
struct DedupeSettings {
    /// How long a collector's start is remembered after its last record. A spool must not keep
    /// records for as long.
    config::Duration window = std::chrono::hours(7 * 24);
    std::string topic;  // empty: the input's topic and `-dedupe`
};

/// Reads the section `dedupe`.
void read_dedupe(const config::Reader& section, DedupeSettings& settings);

}  // namespace snowline::enricher
