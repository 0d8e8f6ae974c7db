#pragma once

#include "common/config/values.h"

#include <optional>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

struct AssetsSettings {
    /// How often files and databases of enrichments are looked at for changes; none: never.
    std::optional<config::Duration> assets_update_period;
};

/// Reads the key out of the file's top.
void read_assets(const config::Reader& root, AssetsSettings& settings);

}  // namespace snowline::enricher
