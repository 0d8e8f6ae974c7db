#include "cli/schema/schema_push.h"

#include "cli/args/api_key_file.h"
#include "cli/args/parse_and_run.h"
#include "cli/schema/registry_client.h"
#include "cli/schema/schema_files.h"
#include "common/json/parse.h"
#include "iglu/authoring/lint/lint.h"

#include <algorithm>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string path;
    std::string url;
    std::string apikey_file;
    bool is_public = false;
};

struct Counts {
    int created = 0, updated = 0, unchanged = 0, refused = 0;
};

// Reads all files; throws if any is invalid, so that nothing of a broken folder is published.
std::vector<SchemaFile> read_all(const std::string& path) {
    std::vector<SchemaFile> files;
    std::string problems;
    for (const std::string& name : schema_files_of(path)) {
        auto file = read_schema_file(name);
        if (file)
            files.push_back(*std::move(file));
        else
            problems += fmt::format("\n  {}: {}", name, file.error());
    }
    std::sort(files.begin(), files.end(),
              [](const SchemaFile& a, const SchemaFile& b) { return a.key < b.key; });
    std::vector<model::SchemaKey> keys;
    for (const SchemaFile& file : files) keys.push_back(file.key);
    for (const std::string& gap : iglu::lint::publication_gaps(keys)) problems += "\n  " + gap;
    if (!problems.empty()) throw std::runtime_error("nothing was published:" + problems);
    return files;
}

// Whether the registry has this version already, with the same content.
bool is_there(RegistryClient& registry, const SchemaFile& file) {
    const auto answer = registry.read(file.key);
    if (!answer || answer->status != 200) return false;
    json::Arena arena;
    const auto theirs = json::parse(answer->body, arena);
    const auto ours = json::parse(file.text, arena);
    return theirs && ours && is_same_schema(*theirs, *ours);
}

void push(RegistryClient& registry, const SchemaFile& file, RegistryClient::Access access,
          Counts& counts) {
    const std::string uri = file.key.to_uri();
    if (is_there(registry, file)) {
        ++counts.unchanged;
        fmt::print("unchanged  {}\n", uri);
        return;
    }
    const auto answer = registry.publish(file.key, file.text, access);
    if (!answer) throw std::runtime_error(registry.root() + ": " + answer.error().message);
    if (answer->status == 201) {
        ++counts.created;
        fmt::print("created    {}\n", uri);
    } else if (answer->status == 200) {
        ++counts.updated;
        fmt::print("updated    {}\n", uri);
    } else {
        ++counts.refused;
        fmt::print("refused    {}: {}\n", uri, message_of(*answer));
    }
    std::fflush(stdout);
}

int run(const Options& options) {
    const std::vector<SchemaFile> files = read_all(options.path);
    RegistryClient registry(options.url, api_key_of_option(options.apikey_file));
    const auto access =
        options.is_public ? RegistryClient::Access::kPublic : RegistryClient::Access::kPrivate;
    Counts counts;
    for (const SchemaFile& file : files) push(registry, file, access, counts);
    fmt::print("\n{} created, {} updated, {} unchanged, {} refused\n", counts.created,
               counts.updated, counts.unchanged, counts.refused);
    return counts.refused == 0 ? 0 : 1;
}

}  // namespace

int schema_push(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Publishes schemas to a registry with Iglu Server's API: a file, or a folder with\n"
        "vendor/name/jsonschema/version in it, in the order of their versions. What is there\n"
        "already, and the same, is left alone. Exit code: 0 all are there now, 1 some are not,\n"
        "2 the command line is wrong.",
        "snowline schema push");
    app.add_option("DIR", options.path, "a folder or a file")->required();
    app.add_option("--to", options.url, "the registry: http://host:port")
        ->required()
        ->type_name("URL");
    app.add_option("--apikey-file", options.apikey_file, "file with the write key")
        ->type_name("FILE");
    app.add_flag("--public", options.is_public, "for everybody to read, without a key");
    return parse_and_run(app, arguments, [&] { return run(options); });
}

}  // namespace snowline::cli
