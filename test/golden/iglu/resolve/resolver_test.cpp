// Look-ups over registries in memory, as recorded from the reference's client; the clock stands at
// 0.
#include "iglu/resolve/resolver.h"

#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/self_describing.h"
#include "iglu/resolve/builtin_registry.h"
#include "iglu/resolve/lookup_json.h"
#include "iglu/resolve/resolver_config.h"
#include "test/support/golden.h"
#include "test/support/memory_registry.h"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace snowline::iglu {
namespace {

using json::Value;

std::unique_ptr<Registry> registry_of(Value recorded) {
    std::vector<std::string> prefixes;
    if (const Value* list = recorded.find("vendorPrefixes")) {
        for (const Value& prefix : list->items()) prefixes.emplace_back(prefix.text());
    }
    const Value* priority = recorded.find("priority");
    auto registry = std::make_unique<test::MemoryRegistry>(
        std::string(recorded.find("name")->text()), prefixes, RegistryClass::kInMemory,
        priority == nullptr ? 0 : std::stoi(std::string(priority->text())));
    for (const Value& schema : recorded.find("schemas")->items()) {
        const auto parsed = model::SelfDescribingSchema::parse(schema);
        registry->put(parsed->self.to_uri(), json::print(schema));
    }
    return registry;
}

std::string judged(const Asked& asked, Value data) {
    if (const auto* error = std::get_if<ResolutionError>(&asked.lookup)) {
        return fmt::format(R"({{"ok":false,"error":{}}})", to_json(*error));
    }
    if (const auto* unusable = std::get_if<UnusableSchema>(&asked.lookup)) {
        return fmt::format(R"({{"ok":false,"error":{}}})", to_json(*unusable));
    }
    const auto& resolved = std::get<ResolvedSchema>(asked.lookup);
    const auto reports = validate::validate(*resolved.schema, data);
    if (!reports.empty()) {
        return fmt::format(R"({{"ok":false,"error":{}}})",
                           reports_to_json(reports, resolved.superseded_by));
    }
    const auto version = resolved.superseded_by;
    return fmt::format(R"({{"ok":true,"supersededBy":{}}})",
                       version ? '"' + version->to_string() + '"' : "null");
}

// The order of issues and reports is an accident of the reference's hash maps.
std::string sorted(std::string text) {
    std::sort(text.begin(), text.end());
    return text;
}

}  // namespace

TEST_CASE("look-ups give what the reference's client gives") {
    int compared = 0;
    for (const std::string& line : test::read_lines(test::golden("iglu") / "resolver.jsonl")) {
        json::Arena arena;
        const Value recorded = *json::parse(line, arena);
        const Value expected = *recorded.find("ref");
        INFO(line);
        std::vector<std::unique_ptr<Registry>> registries;
        registries.push_back(builtin_registry());
        for (const Value& item : recorded.find("registries")->items()) {
            registries.push_back(registry_of(item));
        }
        const auto data = model::SelfDescribingData::parse(*recorded.find("instance"));
        if (expected.find("failure") != nullptr) {
            CHECK_FALSE(data);
            continue;
        }
        REQUIRE(data);
        Resolver resolver(std::move(registries), [] { return 0; });
        const std::string given = judged(resolver.ask(data->schema), data->data);
        if (expected.find("exception") != nullptr) continue;  // any answer, but no crash
        CHECK(sorted(given) == sorted(json::print(expected)));
        ++compared;
    }
    CHECK(compared > 40);
}

TEST_CASE("resolver configurations are taken and refused as recorded") {
    for (const std::string& line : test::read_lines(test::golden("iglu") / "keys.jsonl")) {
        json::Arena arena;
        const Value recorded = *json::parse(line, arena);
        if (recorded.find("kind")->text() != "resolverConfig") continue;
        INFO(line);
        const Value expected = *recorded.find("ref");
        const auto config = ResolverConfig::parse(*recorded.find("input"));
        bool is_taken = expected.find("failure") == nullptr;
        const Value* repositories = expected.find("repositories");
        for (const Value& item : repositories ? repositories->items() : std::span<const Value>{}) {
            is_taken = is_taken && item.find("failure") == nullptr;
        }
        REQUIRE(config.has_value() == is_taken);
        if (!config) continue;
        CHECK(fmt::format("{}", config->cache_size) == expected.find("cacheSize")->text());
        const Value ttl = *expected.find("cacheTtl");
        CHECK(config->cache_ttl.has_value() != ttl.is_null());
        REQUIRE(config->repositories.size() == repositories->items().size());
        for (std::size_t i = 0; i < config->repositories.size(); ++i) {
            const RepositorySettings& settings = config->repositories[i];
            const Value item = repositories->items()[i];
            CHECK(settings.name == item.find("name")->text());
            CHECK(fmt::format("{}", settings.priority) == item.find("instancePriority")->text());
            CHECK(settings.vendor_prefixes.size() == item.find("vendorPrefixes")->items().size());
            CHECK((item.find("class")->text() == "Http") ==
                  std::holds_alternative<HttpConnection>(settings.connection));
        }
    }
}

}  // namespace snowline::iglu
