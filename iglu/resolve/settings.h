#pragma once

#include "common/config/values.h"

#include <chrono>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::iglu {

/// Key `snowline.iglu`.
struct OutageSettings {
    /// How long events wait while a registry is away before they become bad rows; key
    /// `outage.wait`.
    config::Duration outage_wait = std::chrono::minutes(15);
};

/// Reads the section `iglu`.
void read_outage(const config::Reader& section, OutageSettings& settings);

}  // namespace snowline::iglu
