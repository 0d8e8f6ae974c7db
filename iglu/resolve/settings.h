#pragma once

#include "common/config/values.h"
#include "iglu/resolve/schema_loader.h"

#include <chrono>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::iglu {

/// Key `snowline.iglu`.
struct IgluSettings {
    /// How long events wait while a registry is away before they become bad rows; key
    /// `outage.wait`.
    config::Duration outage_wait = std::chrono::minutes(15);
    LoaderSettings lookups;  // key `lookups`
};

/// Reads the section `iglu`.
void read_iglu(const config::Reader& section, IgluSettings& settings);

}  // namespace snowline::iglu
