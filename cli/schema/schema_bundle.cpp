#include "cli/schema/schema_bundle.h"

#include "cli/args/iglu_options.h"
#include "cli/args/parse_and_run.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "iglu/resolve/builtin_registry.h"
#include "iglu/resolve/bundle.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    IgluOptions iglu;
    std::string output;
    std::vector<std::string> keys;
};

// The named keys, or all that the configured registries list.
std::set<model::SchemaKey> keys_of(const Options& options, iglu::IgluClient& client) {
    std::set<model::SchemaKey> keys;
    for (const std::string& uri : options.keys) {
        const auto key = model::SchemaKey::parse(uri);
        if (!key) throw std::runtime_error(fmt::format("{}: {}", uri, name_of(key.error())));
        keys.insert(*key);
    }
    if (!keys.empty()) return keys;
    for (iglu::Registry* registry : client.resolver().order_for("")) {
        if (registry->profile().name == iglu::kBuiltinRegistryName) continue;
        const auto list = registry->list();
        if (list.empty()) {
            throw std::runtime_error(
                fmt::format("{} has no list of its schemas; name those that are wanted",
                            registry->profile().name));
        }
        keys.insert(list.begin(), list.end());
    }
    return keys;
}

// The text from the registry that the resolver would use.
std::string text_of(const model::SchemaKey& key, iglu::IgluClient& client) {
    std::string why = "not found";
    for (iglu::Registry* registry : client.resolver().order_for(key.vendor)) {
        const auto text = registry->fetch(key);
        if (!text) {
            if (!text.error().message.empty()) why = text.error().message;
            continue;
        }
        json::Arena arena;
        const auto json = json::parse(*text, arena);
        if (json) return json::print(*json);
        throw std::runtime_error(fmt::format("{}: {}", key.to_uri(), json.error().message));
    }
    throw std::runtime_error(fmt::format("{}: {}", key.to_uri(), why));
}

}  // namespace

int schema_bundle(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Writes schemas into one file with a hash over them: `--iglu FILE` then needs no network.\n"
        "Without keys, all that the registries list.",
        "snowline schema bundle");
    app.add_option("KEY", options.keys, "iglu:… of a schema");
    app.add_option("-o,--output", options.output, "The bundle to write")->required();
    add_iglu_options(app, options.iglu);
    return parse_and_run(app, arguments, [&] {
        const auto client = open_iglu(options.iglu);
        std::map<model::SchemaKey, std::string> schemas;
        for (const model::SchemaKey& key : keys_of(options, *client)) {
            schemas.emplace(key, text_of(key, *client));
        }
        const std::string unfinished = options.output + ".unfinished";
        std::ofstream out(unfinished, std::ios::binary);
        out << iglu::write_bundle(schemas);
        out.close();
        if (!out || std::rename(unfinished.c_str(), options.output.c_str()) != 0) {
            throw std::runtime_error(fmt::format("{}: cannot be written", options.output));
        }
        fmt::print("{}: {} schemas\n", options.output, schemas.size());
        return 0;
    });
}

}  // namespace snowline::cli
