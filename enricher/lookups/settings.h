#pragma once

#include "common/config/values.h"
#include "enricher/lookups/remote_lookups.h"

#include <chrono>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::enricher {

/// Key `remoteAdapters`.
struct RemoteAdaptersSettings {
    config::Duration connection_timeout = std::chrono::seconds(10);
    config::Duration read_timeout = std::chrono::seconds(45);
    int max_connections = 10;
    std::vector<RemoteAdapter> configs;
};

/// Reads the section `remoteAdapters`.
void read_remote_adapters(const config::Reader& section, RemoteAdaptersSettings& settings);

}  // namespace snowline::enricher
