#pragma once

#include "common/clock.h"
#include "common/periodic_thread.h"
#include "iglu/resolve/resolver.h"
#include "iglu/resolve/resolver_config.h"
#include "iglu/resolve/schema_cache.h"
#include "iglu/resolve/schema_loader.h"
#include "iglu/resolve/schema_view.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace snowline::iglu {

struct IgluClientOptions {
    std::chrono::milliseconds outage_wait{std::chrono::minutes(15)};  // see SchemaCache::must_wait
    LoaderSettings lookups = {};
    Clock clock = now_ms;
};

/// Registries, resolver and cache of one program, put together. A program has one; each worker
/// makes a SchemaView of `loader()`, a command line tool a WaitingSchemaSource.
class IgluClient {
public:
    IgluClient(const ResolverConfig& config, std::vector<std::unique_ptr<Registry>> registries,
               IgluClientOptions options = {});
    /// Within about a second, whatever registries do.
    ~IgluClient();
    IgluClient(const IgluClient&) = delete;
    IgluClient& operator=(const IgluClient&) = delete;

    SchemaCache& cache() { return cache_; }
    SchemaLoader& loader() { return loader_; }
    Resolver& resolver() { return resolver_; }

    /// Starts the thread that asks again for what has expired, until the client is destroyed.
    void refresh_in_background(std::chrono::milliseconds every = std::chrono::milliseconds(500));

private:
    Resolver resolver_;
    SchemaCache cache_;
    SchemaLoader loader_;
    PeriodicThread refresher_;  // last: it stops first
};

/// The client of a configuration. Throws std::runtime_error with a line for each thing that is
/// wrong with its registries.
std::unique_ptr<IgluClient> open_client(const ResolverConfig& config,
                                        IgluClientOptions options = {});

}  // namespace snowline::iglu
