#include "cli/schema/schema_pull.h"

#include "cli/args/api_key_file.h"
#include "cli/args/parse_and_run.h"
#include "cli/schema/registry_client.h"
#include "cli/schema/schema_files.h"
#include "common/json/parse.h"
#include "common/json/print.h"
#include "common/model/self_describing.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string folder;
    std::string url;
    std::string apikey_file;
};

enum class Written { kNew, kChanged, kUnchanged };

// The registry is not trusted with paths: only a valid key's text becomes one.
Result<model::SchemaKey> safe_key(json::Value schema) {
    const auto parsed = model::SelfDescribingSchema::parse(schema);
    if (!parsed) return unexpected(std::string(name_of(parsed.error())));
    const auto key = model::SchemaKey::parse_path(parsed->self.to_path());
    if (!key) return unexpected("no Iglu key: " + parsed->self.to_uri());
    if (key->vendor == "." || key->vendor == "..")
        return unexpected("no vendor of a folder: " + key->vendor);
    return *key;
}

Written write(const fs::path& path, json::Value schema) {
    Written outcome = Written::kNew;
    if (const auto before = read_file(path.string())) {
        json::Arena arena;
        const auto old = json::parse(*before, arena);
        if (old && json::print(*old) == json::print(schema)) return Written::kUnchanged;
        outcome = Written::kChanged;
    }
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << json::print_indented(schema) << '\n';
    out.flush();
    if (!out) throw std::runtime_error(path.string() + ": cannot be written");
    return outcome;
}

int run(const Options& options) {
    RegistryClient registry(options.url, api_key_of_option(options.apikey_file));
    const auto answer = registry.read_all();
    if (!answer) throw std::runtime_error(registry.root() + ": " + answer.error().message);
    if (answer->status != 200) {
        throw std::runtime_error(
            fmt::format("{}: {} ({})", registry.root(), message_of(*answer), answer->status));
    }
    json::Arena arena;
    const auto schemas = json::parse(answer->body, arena, {.bytes_max = answer->body.size()});
    if (!schemas || !schemas->is_array())
        throw std::runtime_error(registry.root() + ": the answer is no list of schemas");
    int written = 0, unchanged = 0, failed = 0;
    for (const json::Value& schema : schemas->items()) {
        const auto key = safe_key(schema);
        if (!key) {
            ++failed;
            fmt::print("refused    {}\n", key.error());
            continue;
        }
        switch (write(fs::path(options.folder) / key->to_path(), schema)) {
            case Written::kNew:
                ++written;
                fmt::print("written    {}\n", key->to_uri());
                break;
            case Written::kChanged:
                ++written;
                fmt::print("changed    {}\n", key->to_uri());
                break;
            case Written::kUnchanged:
                ++unchanged;
        }
    }
    fmt::print("\n{} written, {} unchanged, {} refused\n", written, unchanged, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace

int schema_pull(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Writes all schemas of a registry that the key may see into "
        "DIR/vendor/name/format/version,\n"
        "over what is there under the same name. Exit code: 0 all are written, 1 some are not,\n"
        "2 the command line is wrong.",
        "snowline schema pull");
    app.add_option("DIR", options.folder, "a folder; it is made where it is not there")->required();
    app.add_option("--from", options.url, "the registry: http://host:port")
        ->required()
        ->type_name("URL");
    app.add_option("--apikey-file", options.apikey_file, "file with a read key")->type_name("FILE");
    return parse_and_run(app, arguments, [&] { return run(options); });
}

}  // namespace snowline::cli
