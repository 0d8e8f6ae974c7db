#include "cli/schema/schema_docs.h"

#include "cli/args/parse_and_run.h"
#include "cli/schema/life_cycle_file.h"
#include "cli/schema/schema_files.h"
#include "common/json/parse.h"
#include "iglu/catalogue/page.h"
#include "iglu/server/schema_body.h"
#include "iglu/server/store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;
namespace catalogue = iglu::catalogue;

struct Options {
    std::string folder;
    std::string output;
    std::string title = "Schema catalogue";
};

std::string file_of(const catalogue::Entry& entry) {
    return fmt::format("{}/{}.html", entry.vendor, entry.name);
}

// The superseding versions, as newer versions declare them.
std::map<model::SchemaKey, model::SchemaVer> superseders_of(const std::vector<SchemaFile>& files) {
    std::vector<iglu::server::StoredSchema> stored;
    for (const SchemaFile& file : files) {
        json::Arena arena;
        const auto schema = json::parse(file.text, arena);
        stored.push_back({.key = file.key});
        if (auto older = iglu::server::supersedes_of(*schema))
            stored.back().supersedes = *std::move(older);
    }
    iglu::server::settle(stored);
    std::map<model::SchemaKey, model::SchemaVer> out;
    for (const auto& schema : stored) {
        if (schema.superseded_by) out.emplace(schema.key, *schema.superseded_by);
    }
    return out;
}

std::vector<catalogue::Entry> read_entries(const std::string& folder) {
    std::vector<SchemaFile> files;
    std::map<std::pair<std::string, std::string>, catalogue::Entry> entries;
    std::string problems;
    for (const std::string& path : schema_files_of(folder)) {
        auto file = read_schema_file(path);
        auto life = life_cycle_beside(path);
        if (!file) problems += fmt::format("\n  {}: {}", path, file.error());
        if (!life) {
            for (const std::string& problem : life.error()) {
                if (problems.find(problem) == std::string::npos) problems += "\n  " + problem;
            }
        }
        if (!file || !life) continue;
        catalogue::Entry& entry = entries[{file->key.vendor, file->key.name}];
        entry.vendor = file->key.vendor;
        entry.name = file->key.name;
        entry.format = file->key.format;
        entry.life = *std::move(life);
        files.push_back(*std::move(file));
    }
    if (!problems.empty()) throw std::runtime_error("nothing was written:" + problems);
    const auto superseders = superseders_of(files);
    std::sort(files.begin(), files.end(),
              [](const SchemaFile& a, const SchemaFile& b) { return a.key < b.key; });
    for (SchemaFile& file : files) {
        const auto by = superseders.find(file.key);
        std::optional<model::SchemaVer> superseded_by;
        if (by != superseders.end()) superseded_by = by->second;
        entries[{file.key.vendor, file.key.name}].versions.push_back(
            {.version = file.key.version,
             .text = std::move(file.text),
             .superseded_by = superseded_by,
             .published = {}});
    }
    std::vector<catalogue::Entry> out;
    for (auto& [name, entry] : entries) out.push_back(std::move(entry));
    return out;
}

void write(const fs::path& path, const std::string& page) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << page;
    out.flush();
    if (!out) throw std::runtime_error(path.string() + ": cannot be written");
}

int run(const Options& options) {
    const auto entries = read_entries(options.folder);
    catalogue::PageOptions page{.title = options.title,
                                .today = today(),
                                .note = {},
                                .index = "../index.html",
                                .link = file_of};
    const fs::path output(options.output);
    for (const catalogue::Entry& entry : entries)
        write(output / file_of(entry), entry_page(entry, page));
    write(output / "index.html", index_page(entries, page));
    fmt::print("{}: {} schemas\n", (output / "index.html").string(), entries.size());
    return 0;
}

}  // namespace

int schema_docs(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Writes a folder's schemas as a catalogue for browsers: static HTML without scripts, with\n"
        "fields, versions and what each changed, owners and what is deprecated (life-cycle.json).\n"
        "Exit code: 0 written, 1 not, 2 the command line is wrong.",
        "snowline schema docs");
    app.add_option("DIR", options.folder, "a folder of schemas")->required();
    app.add_option("-o,--output", options.output, "folder of the pages")
        ->required()
        ->type_name("DIR");
    app.add_option("--title", options.title, "of the catalogue")->capture_default_str();
    return parse_and_run(app, arguments, [&] { return run(options); });
}

}  // namespace snowline::cli
