#include "enricher/lookups/settings.h"

#include "common/config/reader.h"

#include <utility>

namespace snowline::enricher {

using config::Range;
using config::Reader;

void read_remote_adapters(const Reader& remote, RemoteAdaptersSettings& settings) {
    remote.read("connectionTimeout", settings.connection_timeout, config::Duration(1));
    remote.read("readTimeout", settings.read_timeout, config::Duration(1));
    remote.read("maxConnections", settings.max_connections, Range{1, 10'000});
    for (const Reader& item : remote.sections("configs")) {
        RemoteAdapter adapter;
        item.require("vendor", adapter.vendor);
        item.require("version", adapter.version);
        item.require("url", adapter.url);
        settings.configs.push_back(std::move(adapter));
    }
}

}  // namespace snowline::enricher
