#include "cli/schema/schema_new.h"

#include "cli/args/parse_and_run.h"
#include "cli/log/row_source.h"
#include "cli/schema/row_instances.h"
#include "common/json/parse.h"
#include "iglu/authoring/infer/inference.h"
#include "iglu/authoring/lint/lint.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string uri;
    RowSource rows;
    std::string folder;
    iglu::infer::InferenceOptions inference;
};

model::SchemaKey key_of(const std::string& uri) {
    const bool is_whole = uri.starts_with("iglu:");
    auto key = is_whole ? model::SchemaKey::parse(uri) : model::SchemaKey::parse_path(uri);
    if (!key) key = model::SchemaKey::parse_path(uri + "/jsonschema/1-0-0");
    if (!key)
        throw CLI::ValidationError("SCHEMA", "\"" + uri + "\" is no vendor/name and no iglu: URI");
    return *key;
}

void write(const model::SchemaKey& key, const std::string& schema, const std::string& folder) {
    const fs::path path = fs::path(folder) / key.to_path();
    if (fs::exists(path)) throw std::runtime_error(path.string() + " is there already");
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << schema;
    out.flush();
    if (!out) throw std::runtime_error(path.string() + ": cannot be written");
    fmt::print("{}\n", path.string());
}

int run(const Options& options, const model::SchemaKey& key) {
    iglu::infer::Inference inference;
    std::int64_t unreadable = 0;
    const auto done = for_each_row(options.rows, [&](std::string_view text) {
        json::Arena arena;
        const auto row = read_row(text, arena);
        if (!row) ++unreadable;
        if (!row) return;
        for (const RowInstance& instance : row->instances) {
            if (instance.is_of(key)) inference.add(instance.data);
        }
    });
    if (!done) throw std::runtime_error(done.error());
    if (inference.examples() == 0) {
        throw std::runtime_error(fmt::format("no example of {}/{} in these rows{}", key.vendor,
                                             key.name,
                                             unreadable > 0 ? ", some of which are none" : ""));
    }
    const std::string schema = inference.schema(key, options.inference);
    if (options.folder.empty())
        fmt::print("{}", schema);
    else
        write(key, schema, options.folder);
    fmt::print(
        stderr, "from {} examples{}; write its descriptions, and look at its bounds\n",
        inference.examples(),
        unreadable > 0 ? fmt::format(", and {} rows that could not be read", unreadable) : "");
    json::Arena arena;
    for (const auto& issue : iglu::lint::lint(*json::parse(schema, arena))) {
        fmt::print(stderr, "{} {}: {}\n", name_of(issue.level), issue.pointer, issue.message);
    }
    return 0;
}

}  // namespace

int schema_new(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Makes a first schema from examples: events that came, or instances in a file. It takes\n"
        "every example, refuses names that none has, and passes lint. Exit code: 0 made, 1 there "
        "is\n"
        "no example, 2 the command line is wrong.",
        "snowline schema new");
    app.add_option("SCHEMA", options.uri, "vendor/name, or iglu:vendor/name/jsonschema/1-0-0")
        ->required();
    add_row_options(app, options.rows);
    app.add_option("-o,--output", options.folder,
                   "a folder of schemas to write it into; it is printed otherwise")
        ->type_name("DIR");
    app.add_flag("--enums", options.inference.enums,
                 "texts with at most 8 values, each of them frequent, become enums");
    return parse_and_run(app, arguments, [&] {
        if (options.rows.topic.empty() && options.rows.files.empty())
            throw CLI::RequiredError("--topic or --file");
        return run(options, key_of(options.uri));
    });
}

}  // namespace snowline::cli
