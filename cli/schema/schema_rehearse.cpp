#include "cli/schema/schema_rehearse.h"

#include "cli/args/parse_and_run.h"
#include "cli/log/row_source.h"
#include "cli/schema/rehearsal.h"
#include "cli/schema/schema_files.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"

#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

struct Options {
    std::string schema;
    RowSource rows;
    std::size_t examples = 10;
    bool json = false;
};

Rehearsal open(const std::string& path) {
    const auto fail = [&](const std::string& why) -> std::runtime_error {
        return std::runtime_error(path + ": " + why);
    };
    const auto text = read_file(path);
    if (!text) throw fail(text.error());
    json::Arena arena;
    const auto json = json::parse(*text, arena);
    if (!json) throw fail(json.error().message);
    const auto schema = model::SelfDescribingSchema::parse(*json);
    if (!schema) throw fail(fmt::format("no self-describing schema ({})", name_of(schema.error())));
    auto compiled = iglu::validate::compile(*json);
    if (!compiled) {
        const auto& issue = compiled.error().front();
        throw fail(fmt::format("the schema cannot be used: {} {}", issue.path, issue.message));
    }
    return Rehearsal(schema->self, *std::move(compiled));
}

int run(const Options& options) {
    Rehearsal rehearsal = open(options.schema);
    const auto done =
        for_each_row(options.rows, [&](std::string_view row) { rehearsal.add_row(row); });
    if (!done) throw std::runtime_error(done.error());
    if (options.json)
        fmt::print("{}\n", rehearsal.to_json());
    else
        fmt::print("{}", rehearsal.report(options.examples));
    return rehearsal.refuses_some() ? 1 : 0;
}

}  // namespace

int schema_rehearse(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Tries a new version of a schema on events that came: which share of the data under its\n"
        "name, of whatever version, would it refuse, where and why. Exit code: 0 none, 1 some,\n"
        "2 the command line is wrong.",
        "snowline schema rehearse");
    app.add_option("NEW", options.schema, "file with the new version")->required();
    add_row_options(app, options.rows);
    app.add_option("--examples", options.examples, "so many places with an example")
        ->capture_default_str();
    app.add_flag("--json", options.json, "one JSON, with all places");
    return parse_and_run(app, arguments, [&] {
        if (options.rows.topic.empty() && options.rows.files.empty())
            throw CLI::RequiredError("--topic or --file");
        return run(options);
    });
}

}  // namespace snowline::cli
