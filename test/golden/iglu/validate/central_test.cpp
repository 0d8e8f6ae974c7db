// Iglu Central, all of it, from each kind of registry.
#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/resolve/bundle.h"
#include "iglu/resolve/folder_registry.h"
#include "iglu/resolve/http_registry.h"
#include "iglu/resolve/resolver.h"
#include "iglu/resolve/schema_cache.h"
#include "test/support/golden.h"
#include "test/support/loopback_server.h"

#include <cstdio>
#include <map>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace snowline::iglu {
namespace {

constexpr std::size_t kSchemas = 679;

RegistryProfile profile(RegistryClass kind = RegistryClass::kEmbedded) {
    return {.name = "central", .kind = kind, .vendor_prefixes = {}};
}

std::size_t resolved(std::unique_ptr<Registry> registry,
                     const std::vector<model::SchemaKey>& keys) {
    std::vector<std::unique_ptr<Registry>> registries;
    registries.push_back(std::move(registry));
    Resolver resolver(std::move(registries));
    SchemaCache cache(resolver, {.schemas_max = 10'000});
    std::size_t count = 0;
    for (const model::SchemaKey& key : keys) {
        INFO(key.to_uri());
        const bool is_usable = std::holds_alternative<ResolvedSchema>(cache.get(key)->lookup);
        CHECK(is_usable);
        count += is_usable ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("Iglu Central's schemas resolve from a folder, over HTTP and from a bundle") {
    const auto central = test::shared("iglu-central");
    if (!central) return;
    auto folder = folder_registry(profile(), *central);
    std::vector<model::SchemaKey> keys;
    std::map<model::SchemaKey, std::string> texts;
    for (const model::SchemaKey& key : folder->list()) {
        json::Arena arena;
        const std::string text = *folder->fetch(key);
        const auto json = json::parse(text, arena);
        REQUIRE(json);
        keys.push_back(key);
        texts.emplace(key, json::print(*json));
    }
    CHECK(keys.size() == kSchemas);
    std::erase_if(keys, [](const model::SchemaKey& key) { return key.format != "jsonschema"; });

    CHECK(resolved(std::move(folder), keys) == keys.size());

    test::LoopbackServer server([&](const std::string& head) {
        const std::string path = head.substr(5, head.find(' ', 5) - 5);
        return test::LoopbackServer::Answer{.body = test::read_file(*central / path)};
    });
    CHECK(resolved(http_registry(profile(RegistryClass::kHttp), {.uri = server.url()}), keys) ==
          keys.size());

    const auto file =
        std::filesystem::temp_directory_path() / ("central." + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << write_bundle(texts);
    auto bundle = bundle_registry(profile(), file);
    std::filesystem::remove(file);
    REQUIRE(bundle);
    CHECK((*bundle)->list().size() == kSchemas);
    CHECK(resolved(*std::move(bundle), keys) == keys.size());
}

}  // namespace snowline::iglu
