#include "iglu/resolve/builtin_registry.h"

#include <algorithm>

namespace snowline::iglu {
namespace {

class BuiltinRegistry final : public Registry {
public:
    BuiltinRegistry()
        : Registry({.name = std::string(kBuiltinRegistryName), .vendor_prefixes = {}}) {}

    Result<std::string, RegistryFailure> fetch(const model::SchemaKey& key) override {
        const std::string path = key.to_path();
        const auto schemas = builtin_schemas();
        const auto found =
            std::lower_bound(schemas.begin(), schemas.end(), path,
                             [](const BuiltinSchema& schema, const std::string& wanted) {
                                 return schema.path < wanted;
                             });
        if (found == schemas.end() || found->path != path) return unexpected(not_found());
        return std::string(found->text);
    }

    std::string location(const model::SchemaKey& key) const override {
        return "built in: " + key.to_path();
    }
    std::vector<model::SchemaKey> list() override {
        std::vector<model::SchemaKey> keys;
        for (const BuiltinSchema& schema : builtin_schemas()) {
            if (auto key = model::SchemaKey::parse_path(schema.path))
                keys.push_back(*std::move(key));
        }
        return keys;
    }
};

}  // namespace

std::unique_ptr<Registry> builtin_registry() {
    return std::make_unique<BuiltinRegistry>();
}

}  // namespace snowline::iglu
