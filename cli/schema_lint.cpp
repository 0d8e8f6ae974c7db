#include "cli/schema_lint.h"

#include "cli/lint_report.h"
#include "cli/schema_files.h"
#include "common/json/parse.h"
#include "iglu/lint/lint.h"
#include "iglu/lint/linters.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::vector<std::string> paths;
    std::vector<std::string> skipped_checks;
    std::vector<std::string> skipped_schemas;
    LintFormat format = LintFormat::kText;
};

LintedFile judge(const std::string& path, const iglu::lint::LintOptions& options) {
    LintedFile file{.path = path, .uri = {}, .corrupted = {}, .issues = {}};
    const auto read = read_schema_file(path);
    if (!read) {
        file.corrupted = read.error();
        return file;
    }
    file.uri = read->key.to_uri();
    json::Arena arena;
    file.issues = iglu::lint::lint(*json::parse(read->text, arena), options);
    return file;
}

void add_gaps(std::vector<LintedFile>& files) {
    std::vector<iglu::SchemaKey> keys;
    for (const LintedFile& file : files) {
        if (auto key = iglu::SchemaKey::parse(file.uri)) keys.push_back(*std::move(key));
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

// The names of checks are the reference's, with upper and lower case as there.
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
    iglu::lint::LintOptions lint_options;
    lint_options.skipped.insert(options.skipped_checks.begin(), options.skipped_checks.end());
    std::vector<LintedFile> files;
    for (const std::string& path : options.paths) {
        for (const std::string& file : schema_files_of(path))
            files.push_back(judge(file, lint_options));
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
    const std::map<std::string, LintFormat> formats = {{"text", LintFormat::kText},
                                                       {"json", LintFormat::kJson},
                                                       {"junit", LintFormat::kJunit},
                                                       {"github", LintFormat::kGithub}};
    app.add_option("--format", options.format, "text, json, junit or github")
        ->transform(CLI::CheckedTransformer(formats))
        ->type_name("FORMAT");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        check_skips(options.skipped_checks);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        return run(options);
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "snowline schema lint: {}\n", error.what());
        return 1;
    }
}

}  // namespace snowline::cli
