#include "cli/schema/schema_explain.h"

#include "cli/args/iglu_options.h"
#include "cli/args/parse_and_run.h"
#include "common/json/parse.h"
#include "iglu/authoring/suggest.h"
#include "iglu/resolve/superseding.h"

#include <chrono>
#include <stdexcept>
#include <variant>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using Steady = std::chrono::steady_clock;

std::string_view kind_of(const iglu::RegistryProfile& profile) {
    switch (profile.kind) {
        case iglu::RegistryClass::kInMemory:
            return "in memory";
        case iglu::RegistryClass::kEmbedded:
            return "local";
        case iglu::RegistryClass::kHttp:
            return "HTTP";
    }
    return {};
}

std::string why_here(const iglu::RegistryProfile& profile, const std::string& vendor) {
    for (const std::string& prefix : profile.vendor_prefixes) {
        if (prefix.empty()) return "for every vendor";
        if (vendor.starts_with(prefix))
            return fmt::format("for vendors that begin with {}", prefix);
    }
    return profile.vendor_prefixes.empty() ? "without vendor prefixes" : "for other vendors";
}

std::string in_words(const iglu::RegistryFailure& failure) {
    switch (failure.kind) {
        case iglu::RegistryFailure::Kind::kNotFound:
            return "not found";
        case iglu::RegistryFailure::Kind::kRepoFailure:
        case iglu::RegistryFailure::Kind::kClientFailure:
            break;
    }
    return fmt::format("{}{}", failure.message, failure.outage ? " (an outage)" : "");
}

// Asks one registry and prints its answer.
void ask(iglu::Registry& registry, const model::SchemaKey& key) {
    const auto& profile = registry.profile();
    fmt::print("  {} ({}, priority {}, {})\n    {}\n", profile.name, kind_of(profile),
               profile.priority, why_here(profile, key.vendor), registry.location(key));
    const auto before = Steady::now();
    const auto text = registry.fetch(key);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - before);
    if (!text) {
        fmt::print("    {}, after {} ms\n", in_words(text.error()), took.count());
        return;
    }
    fmt::print("    found, {} bytes, after {} ms\n", text->size(), took.count());
    json::Arena arena;
    const auto json = json::parse(*text, arena);
    if (!json) {
        fmt::print("    no JSON: {}\n", json.error().message);
        return;
    }
    const auto superseding = iglu::superseding_version(*json, key);
    if (!superseding)
        fmt::print("    {}\n", superseding.error());
    else if (*superseding)
        fmt::print("    superseded by {}\n", (*superseding)->to_string());
}

void suggest(const model::SchemaKey& key, iglu::Resolver& resolver) {
    std::vector<model::SchemaKey> known;
    for (iglu::Registry* registry : resolver.order_for(key.vendor)) {
        const auto list = registry->list();
        known.insert(known.end(), list.begin(), list.end());
    }
    const auto meant = iglu::suggest(key, known);
    for (const model::SchemaKey& candidate : meant) {
        fmt::print("  probably meant: {}\n", candidate.to_uri());
    }
    if (meant.empty())
        fmt::print("  nothing like it is in the registries that list their schemas\n");
}

// Prints the result that an event with this key gets.
int tell_result(const model::SchemaKey& key, iglu::IgluClient& client) {
    const auto entry = client.cache().get(key);
    if (std::holds_alternative<iglu::ResolutionError>(entry->lookup)) {
        fmt::print("\nno registry gives it: events with it become bad rows (ResolutionError)\n");
        suggest(key, client.resolver());
        return 1;
    }
    if (const auto* unusable = std::get_if<iglu::UnusableSchema>(&entry->lookup)) {
        fmt::print("\n{} gives it, and it cannot be used:\n", entry->registry);
        for (const auto& issue : unusable->issues) fmt::print("  {}\n", issue.message);
        return 1;
    }
    const auto& superseded_by = std::get<iglu::ResolvedSchema>(entry->lookup).superseded_by;
    fmt::print("\nused: the one of {}", entry->registry);
    if (superseded_by) fmt::print(", superseded: data is judged by {}", superseded_by->to_string());
    fmt::print("\n");
    return 0;
}

std::string cache_in_words(const iglu::CacheSettings& settings) {
    if (settings.schemas_max == 0 || settings.ttl_ms == 0) return "nothing is kept";
    if (!settings.ttl_ms) return "kept until the process ends";
    return fmt::format("kept for {} s, and longer while its registry is out",
                       *settings.ttl_ms / 1000);
}

}  // namespace

int schema_explain(std::span<const std::string> arguments) {
    IgluOptions options;
    std::string uri;
    CLI::App app(
        "Asks every registry for a schema, in the order in which the enricher asks, and tells "
        "what\n"
        "each one says, which one counts, and what was probably meant. Exit code: 0 the schema "
        "can\n"
        "be used, 1 it cannot.",
        "snowline schema explain");
    app.add_option("URI", uri, "iglu:vendor/name/format/version")->required();
    add_iglu_options(app, options);
    return parse_and_run(app, arguments, [&] {
        const auto key = model::SchemaKey::parse(uri);
        if (!key) {
            fmt::print("{}: {}: not of the form iglu:vendor/name/format/1-0-0\n", uri,
                       model::name_of(key.error()));
            return 1;
        }
        const auto client = open_iglu(options);
        fmt::print("{}\n", key->to_uri());
        for (iglu::Registry* registry : client->resolver().order_for(key->vendor)) {
            ask(*registry, *key);
        }
        const int code = tell_result(*key, *client);
        fmt::print("a running enricher's cache: {}\n", cache_in_words(client->cache().settings()));
        return code;
    });
}

}  // namespace snowline::cli
