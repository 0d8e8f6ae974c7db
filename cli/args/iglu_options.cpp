#include "cli/args/iglu_options.h"

#include "iglu/resolve/resolver_config_file.h"

#include <algorithm>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace snowline::cli {
namespace {

// Without a configuration there is nobody whose memory is to be spared.
constexpr int kCommandCacheSize = 20'000;

}  // namespace

void add_iglu_options(CLI::App& app, IgluOptions& options) {
    app.add_option("--iglu", options.registries,
                   "A schema registry: a folder, an http(s) URL or a bundle; may be repeated")
        ->type_name("DIR|URL|FILE")
        ->allow_extra_args(false);
    app.add_option("--iglu-config", options.config_file, "A resolver configuration")
        ->type_name("FILE");
}

std::unique_ptr<iglu::IgluClient> open_iglu(const IgluOptions& options,
                                            iglu::IgluClientOptions client_options) {
    iglu::ResolverConfig config{
        .cache_size = kCommandCacheSize, .cache_ttl = {}, .repositories = {}};
    if (!options.config_file.empty()) config = iglu::read_resolver_config(options.config_file);
    // Before all others of their match, in the order of the command line.
    int priority = -static_cast<int>(options.registries.size());
    for (const std::string& registry : options.registries) {
        config.repositories.push_back(iglu::repository_of(registry, priority++));
    }
    auto registries = iglu::open_registries(config);
    if (!registries) {
        std::string all;
        for (const std::string& problem : registries.error()) {
            all += (all.empty() ? "" : "\n") + problem;
        }
        throw std::runtime_error(all);
    }
    return std::make_unique<iglu::IgluClient>(config, *std::move(registries),
                                              std::move(client_options));
}

}  // namespace snowline::cli
