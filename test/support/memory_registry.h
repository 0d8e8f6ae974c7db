#pragma once

#include "iglu/resolve/registry.h"

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace snowline::test {

/// A registry whose schemas are texts, and which can be told to fail.
class MemoryRegistry final : public iglu::Registry {
public:
    explicit MemoryRegistry(std::string name, std::vector<std::string> prefixes = {},
                            iglu::RegistryClass kind = iglu::RegistryClass::kHttp, int priority = 0)
        : Registry({.name = std::move(name),
                    .kind = kind,
                    .priority = priority,
                    .vendor_prefixes = std::move(prefixes)}) {}

    void put(const std::string& uri, std::string text) {
        schemas_[model::SchemaKey::parse(uri)->to_path()] = std::move(text);
    }

    Result<std::string, iglu::RegistryFailure> fetch(const model::SchemaKey& key) override {
        ++asked;
        if (when_asked) when_asked();
        if (failure) return unexpected(*failure);
        const auto found = schemas_.find(key.to_path());
        if (found == schemas_.end()) return unexpected(iglu::not_found());
        return found->second;
    }

    std::string location(const model::SchemaKey& key) const override { return key.to_path(); }

    std::atomic<int> asked = 0;
    std::optional<iglu::RegistryFailure> failure;
    std::function<void()> when_asked;

private:
    std::map<std::string, std::string> schemas_;
};

inline iglu::RegistryFailure outage(std::string message = "out") {
    iglu::RegistryFailure failure = iglu::repo_failure(std::move(message));
    failure.outage = true;
    return failure;
}

}  // namespace snowline::test
