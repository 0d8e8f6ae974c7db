#include "cli/args/iglu_options.h"

#include "iglu/resolve/resolver_config_file.h"

#include <utility>

#include <CLI/CLI.hpp>

namespace snowline::cli {
namespace {

// Large: without a configuration there is no memory limit to respect.
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

iglu::ResolverConfig resolver_config(const IgluOptions& options,
                                     iglu::ResolverConfig without_file) {
    iglu::ResolverConfig config = options.config_file.empty()
                                      ? std::move(without_file)
                                      : iglu::read_resolver_config(options.config_file);
    // Command-line registries precede all others of equal match, in their order there.
    int priority = -static_cast<int>(options.registries.size());
    for (const std::string& registry : options.registries) {
        config.repositories.push_back(iglu::repository_of(registry, priority++));
    }
    return config;
}

std::unique_ptr<iglu::IgluClient> open_iglu(const IgluOptions& options,
                                            iglu::IgluClientOptions client_options) {
    return iglu::open_client(
        resolver_config(options,
                        {.cache_size = kCommandCacheSize, .cache_ttl = {}, .repositories = {}}),
        std::move(client_options));
}

}  // namespace snowline::cli
