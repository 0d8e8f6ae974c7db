#include "cli/schema/schema_lint.h"

#include "cli/args/parse_and_run.h"
#include "cli/schema/conventions_file.h"
#include "cli/schema/life_cycle_file.h"
#include "cli/schema/lint_report.h"
#include "cli/schema/schema_files.h"
#include "common/json/parse.h"
#include "iglu/authoring/lint/conventions.h"
#include "iglu/authoring/lint/lint.h"
#include "iglu/authoring/lint/linters.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> paths;
    std::vector<std::string> skipped_checks;
    std::vector<std::string> skipped_schemas;
    std::string conventions;  // a file; empty: schemas.yaml if it exists
    LintFormat format = LintFormat::kText;
};

struct Rules {
    iglu::lint::LintOptions linters;
    std::optional<iglu::lint::Conventions> conventions;
};

// The default `schemas.yaml`: beside the linted files, else in the working directory.
std::string conventions_for(const Options& options) {
    if (!options.conventions.empty()) return options.conventions;
    for (const fs::path& folder : {fs::path(options.paths.front()), fs::path(".")}) {
        const fs::path file = folder / kConventionsFile;
        if (fs::is_regular_file(file)) return file.string();
    }
    return {};
}

Rules rules_of(const Options& options) {
    Rules rules;
    rules.linters.skipped.insert(options.skipped_checks.begin(), options.skipped_checks.end());
    const std::string file = conventions_for(options);
    if (file.empty()) return rules;
    auto conventions = read_conventions(file);
    if (!conventions) throw std::runtime_error(conventions.error());
    rules.conventions = *std::move(conventions);
    return rules;
}

LintedFile judge(const std::string& path, const Rules& rules) {
    LintedFile file{.path = path, .uri = {}, .corrupted = {}, .issues = {}};
    const auto read = read_schema_file(path);
    if (!read) {
        file.corrupted = read.error();
        return file;
    }
    file.uri = read->key.to_uri();
    const auto life = life_cycle_beside(path);
    if (!life) {
        file.corrupted = fmt::format("{}", fmt::join(life.error(), "; "));
        return file;
    }
    json::Arena arena;
    const json::Value schema = *json::parse(read->text, arena);
    file.issues = iglu::lint::lint(schema, rules.linters);
    if (!rules.conventions) return file;
    for (auto& issue : judge_conventions(read->key, schema, *life, *rules.conventions))
        file.issues.push_back(std::move(issue));
    return file;
}

void add_gaps(std::vector<LintedFile>& files) {
    std::vector<model::SchemaKey> keys;
    for (const LintedFile& file : files) {
        if (auto key = model::SchemaKey::parse(file.uri)) keys.push_back(*std::move(key));
    }
    for (const std::string& gap : iglu::lint::publication_gaps(keys)) {
        const auto uri = gap.substr(0, gap.find(' '));
        const auto file = std::find_if(files.begin(), files.end(),
                                       [&](const LintedFile& item) { return item.uri == uri; });
        if (file != files.end() && file->corrupted.empty()) file->corrupted = gap;
    }
}

std::string linters_in_words() {
    std::string words = "Checks that can be skipped:\n";
    for (const auto& linter : iglu::lint::linters()) {
        if (linter.is_skippable())
            words += fmt::format("  {:<24} {}\n", linter.name, linter.summary);
    }
    return words;
}

// Checks have the reference's names, case-sensitive.
void check_skips(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const auto all = iglu::lint::linters();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& linter) { return linter.name == name; });
        if (found == all.end()) throw CLI::ValidationError("--skip-checks", "no check " + name);
        if (!found->is_skippable()) {
            throw CLI::ValidationError("--skip-checks",
                                       name + " finds errors, which none may skip");
        }
    }
}

int run(const Options& options) {
    const Rules rules = rules_of(options);
    std::vector<LintedFile> files;
    for (const std::string& path : options.paths) {
        for (const std::string& file : schema_files_of(path)) files.push_back(judge(file, rules));
    }
    add_gaps(files);
    std::erase_if(files, [&](const LintedFile& file) {
        const auto& skipped = options.skipped_schemas;
        return std::find(skipped.begin(), skipped.end(), file.uri) != skipped.end();
    });
    if (files.empty()) throw std::runtime_error("all schemas are skipped");
    fmt::print("{}", lint_report(files, options.format));
    const bool good = std::all_of(files.begin(), files.end(),
                                  [](const LintedFile& file) { return file.passes(); });
    return good ? 0 : 1;
}

}  // namespace

int schema_lint(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Judges schemas as authors should write them: files, or folders with "
        "vendor/name/jsonschema/\n"
        "version in them. Exit code: 0 all pass (notes aside), 1 not all, 2 the command line is "
        "wrong.",
        "snowline schema lint");
    app.footer(linters_in_words());
    app.add_option("PATH", options.paths, "Files or folders")->required();
    app.add_option("--skip-checks", options.skipped_checks, "Checks to leave out: a,b")
        ->delimiter(',')
        ->type_name("NAMES");
    app.add_option("--skip-schemas", options.skipped_schemas, "Schemas to leave out: iglu:…,iglu:…")
        ->delimiter(',')
        ->type_name("URIS");
    app.add_option("--conventions", options.conventions,
                   "what your team asks for, too (schemas.yaml in the first PATH, else here)")
        ->type_name("FILE");
    const std::map<std::string, LintFormat> formats = {{"text", LintFormat::kText},
                                                       {"json", LintFormat::kJson},
                                                       {"junit", LintFormat::kJunit},
                                                       {"github", LintFormat::kGithub}};
    app.add_option("--format", options.format, "text, json, junit or github")
        ->transform(CLI::CheckedTransformer(formats))
        ->type_name("FORMAT");
    return parse_and_run(app, arguments, [&] {
        check_skips(options.skipped_checks);
        return run(options);
    });
}

}  // namespace snowline::cli
