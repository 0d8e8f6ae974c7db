#pragma once

#include "common/json/value.h"
#include "common/result.h"
#include "iglu/resolve/registry.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace snowline::iglu {

/// `connection.embedded`: in the reference a path in a jar, here a folder or a bundle's file.
struct FolderConnection {
    std::string path;
};

struct HttpConnection {
    std::string uri;
    std::optional<std::string> apikey;  // secret
};

struct RepositorySettings {
    std::string name;
    int priority = 0;
    std::vector<std::string> vendor_prefixes;
    std::variant<FolderConnection, HttpConnection> connection;
};

/// Something wrong in a configuration.
struct ResolverConfigProblem {
    std::string place;  // `data.repositories[1].priority`
    std::string message;
};

/// `iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-*`
struct ResolverConfig {
    std::int32_t cache_size = 500;          // 0 or less: no cache
    std::optional<std::int32_t> cache_ttl;  // seconds; none: for ever; 0 or less: no cache
    std::vector<RepositorySettings> repositories;

    /// Else everything that is wrong.
    static Result<ResolverConfig, std::vector<ResolverConfigProblem>> parse(json::Value json);
};

/// A registry that a command line names: an http(s) URL, a bundle's file, or else a folder. It is
/// there for every vendor, so that it is asked before the built-in one.
RepositorySettings repository_of(std::string_view argument, int priority);

/// The built-in registry and the configured ones; else everything that is wrong, in words.
Result<std::vector<std::unique_ptr<Registry>>, std::vector<std::string>> open_registries(
    const ResolverConfig& config);

}  // namespace snowline::iglu
