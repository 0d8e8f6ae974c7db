#pragma once

#include "common/model/schema_key.h"
#include "common/result.h"
#include "iglu/resolve/lookup.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::iglu {

/// A larger schema is refused, whatever registry it comes from.
inline constexpr std::size_t kSchemaBytesMax = std::size_t{4} << 20;

/// How a registry's kind orders it among others of the same match: what is near is asked first.
enum class RegistryClass { kInMemory = 1, kEmbedded = 2, kHttp = 100 };

/// What the resolver knows of a registry.
struct RegistryProfile {
    std::string name;  // unique; stands in lookup histories
    RegistryClass kind = RegistryClass::kEmbedded;
    int priority = 0;                          // smaller is asked sooner
    std::vector<std::string> vendor_prefixes;  // `com.acme` matches `com.acmecorp`, too

    bool matches(std::string_view vendor) const;
};

/// A place that has schemas. `fetch` and `location` may be called by any thread.
class Registry {
public:
    explicit Registry(RegistryProfile profile) : profile_(std::move(profile)) {}
    virtual ~Registry() = default;
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    const RegistryProfile& profile() const { return profile_; }

    /// The schema's JSON text, not looked at. May wait, for a bounded time.
    virtual Result<std::string, RegistryFailure> fetch(const model::SchemaKey& key) = 0;
    /// Where it looks for a key: a path or URL, for people; nothing secret in it.
    virtual std::string location(const model::SchemaKey& key) const = 0;
    /// All keys that it has, in any order; empty where it cannot tell. May wait.
    virtual std::vector<model::SchemaKey> list() { return {}; }
    /// For the end of a program: who waits in `fetch` gets a failure within about a second, and so
    /// does whoever comes later.
    virtual void cancel() {}

private:
    RegistryProfile profile_;
};

RegistryFailure not_found();
RegistryFailure repo_failure(std::string message);
RegistryFailure client_failure(std::string message);

}  // namespace snowline::iglu
