#include "iglu/resolve/iglu_client.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::iglu {
namespace {

CacheSettings cache_settings(const ResolverConfig& config, const IgluClientOptions& options) {
    CacheSettings settings;
    settings.schemas_max = config.cache_size > 0 ? static_cast<std::size_t>(config.cache_size) : 0;
    if (config.cache_ttl) settings.ttl_ms = std::max(*config.cache_ttl, 0) * std::int64_t{1000};
    settings.outage_wait_ms = options.outage_wait.count();
    return settings;
}

}  // namespace

IgluClient::IgluClient(const ResolverConfig& config,
                       std::vector<std::unique_ptr<Registry>> registries, IgluClientOptions options)
    : resolver_(std::move(registries), options.clock),
      cache_(resolver_, cache_settings(config, options)),
      loader_(cache_, options.lookups) {}

IgluClient::~IgluClient() {
    resolver_.cancel();
}

void IgluClient::refresh_in_background(std::chrono::milliseconds every) {
    cache_.has_refresher();
    refresher_ = PeriodicThread(every, [this] { cache_.refresh(); });
}

std::unique_ptr<IgluClient> open_client(const ResolverConfig& config, IgluClientOptions options) {
    auto registries = open_registries(config);
    if (!registries) {
        throw std::runtime_error(fmt::format("{}", fmt::join(registries.error(), "\n")));
    }
    return std::make_unique<IgluClient>(config, *std::move(registries), std::move(options));
}

}  // namespace snowline::iglu
