#pragma once

#include "common/json/parse.h"
#include "common/json/print.h"
#include "enricher/enrich/enrichments.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace snowline::enricher::test {

/// No registry at all.
class NoSchemas final : public iglu::SchemaSource {
public:
    const iglu::Lookup* find(const model::SchemaKey&) override { return &none_; }

private:
    iglu::Lookup none_{iglu::ResolutionError{}};
};

/// Files by their URIs; `change` tells the watchers.
class Files final : public AssetSource {
public:
    std::map<std::string, std::string, std::less<>> paths;
    std::map<std::string, Reload, std::less<>> watchers;

    Result<std::string> local_copy(std::string_view uri) override {
        const auto found = paths.find(uri);
        if (found == paths.end()) return unexpected("no file at " + std::string(uri));
        return found->second;
    }
    void watch(std::string_view uri, Reload reload) override {
        watchers.emplace(uri, std::move(reload));
    }
};

/// An event to enrich, and all that it needs to live.
struct Event {
    NoSchemas registry;
    SchemaTable schemas{registry};
    json::Arena arena;
    RawEvent raw;
    EnrichedEvent event;
    std::vector<std::string_view> headers;
    Work work{.raw = raw,
              .event = event,
              .schemas = schemas,
              .arena = arena,
              .now_ms = 0,
              .charset = Charset::kUtf8};

    Event() = default;
    Event(const Event&) = delete;

    void set_headers(std::vector<std::string_view> lines) {
        headers = std::move(lines);
        raw.sender.headers = headers;
    }
    /// The contexts as compact JSON, schema and data each.
    std::vector<std::string> contexts() const {
        std::vector<std::string> out;
        for (const Entity& entity : work.contexts) {
            out.push_back(std::string(entity.schema->uri) + " " + json::print(entity.data));
        }
        return out;
    }
};

inline MadeEnrichment make(MadeEnrichment (*factory)(const EnrichmentConfig&),
                           std::string_view parameters, AssetSource& files) {
    json::Arena arena;
    const auto parsed = json::parse(parameters, arena);
    REQUIRE(parsed);
    const model::SchemaKey schema{.vendor = "com.acme",
                                  .name = "test",
                                  .format = "jsonschema",
                                  .version = {.model = 1, .revision = 0, .addition = 0}};
    const json::Member member{"parameters", *parsed};
    return factory({.schema = schema,
                    .parameters = *parsed,
                    .data = json::Value::object({&member, 1}),
                    .assets = files});
}

inline std::unique_ptr<Enrichment> made(MadeEnrichment (*factory)(const EnrichmentConfig&),
                                        std::string_view parameters,
                                        AssetSource&& files = Files()) {
    auto enrichment = make(factory, parameters, files);
    INFO((enrichment ? "" : enrichment.error().front()));
    REQUIRE(enrichment);
    return std::move(*enrichment);
}

inline std::vector<std::string> errors(MadeEnrichment (*factory)(const EnrichmentConfig&),
                                       std::string_view parameters) {
    Files files;
    const auto enrichment = make(factory, parameters, files);
    return enrichment ? std::vector<std::string>{} : enrichment.error();
}

}  // namespace snowline::enricher::test
