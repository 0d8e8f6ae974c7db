#include "cli/schema/schema_diff.h"

#include "cli/args/iglu_options.h"
#include "cli/args/parse_and_run.h"
#include "cli/schema/diff_report.h"
#include "cli/schema/schema_text.h"
#include "common/json/parse.h"
#include "common/model/self_describing.h"
#include "iglu/authoring/diff/diff.h"

#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using iglu::diff::Bump;

struct Options {
    IgluOptions iglu;
    std::string before, after;
    bool json = false;
};

json::Value read(const std::string& text, const std::string& name, json::Arena& arena) {
    const auto json = json::parse(text, arena);
    if (!json) throw std::runtime_error(fmt::format("{}: {}", name, json.error().message));
    return *json;
}

iglu::diff::Difference compared(json::Value before, json::Value after) {
    auto difference = iglu::diff::diff(before, after);
    if (!difference) throw std::runtime_error(difference.error());
    return *std::move(difference);
}

// The terms of Kafka schema registries: backward is the given direction, forward the reverse.
std::string_view compatibility(const iglu::diff::Difference& forth,
                               const iglu::diff::Difference& back) {
    if (forth.accepts_all_before()) return back.accepts_all_before() ? "FULL" : "BACKWARD";
    return back.accepts_all_before() ? "FORWARD" : "NONE";
}

int run(const Options& options) {
    const auto client = open_iglu(options.iglu);
    const std::string old_text = schema_text(options.before, *client);
    const std::string new_text = schema_text(options.after, *client);
    json::Arena arena;
    const json::Value before = read(old_text, options.before, arena);
    const json::Value after = read(new_text, options.after, arena);
    const auto difference = compared(before, after);
    const auto backwards = compared(after, before);
    const auto old_self = model::SelfDescribingSchema::parse(before);
    const auto new_self = model::SelfDescribingSchema::parse(after);
    Bump declared = Bump::kNone;
    const bool is_declared = old_self && new_self;
    if (is_declared) {
        declared = iglu::diff::declared_bump(old_self->self.version, new_self->self.version);
    }
    const bool enough = !is_declared || iglu::diff::is_enough(declared, difference.bump);
    if (options.json) {
        fmt::print("{}\n", diff_json(difference));
        return enough ? 0 : 1;
    }
    fmt::print("needed: {}", name_of(difference.bump));
    if (is_declared) {
        fmt::print(", declared: {} ({} to {}){}", name_of(declared),
                   old_self->self.version.to_string(), new_self->self.version.to_string(),
                   enough ? "" : ": too small");
    }
    fmt::print("\ncompatibility: {}\n{}", compatibility(difference, backwards),
               diff_report(difference, Widening::kShown));
    return enough ? 0 : 1;
}

}  // namespace

int schema_diff(std::span<const std::string> arguments) {
    Options options;
    CLI::App app(
        "Compares two versions of a schema: the least bump that SchemaVer allows (ADDITION, "
        "REVISION,\n"
        "MODEL, or UNDECIDED), why, and data that the old one accepts and the new one refuses.\n"
        "Exit code: 0 the declared bump is enough, 1 it is not.",
        "snowline schema diff");
    app.add_option("OLD", options.before, "A file or iglu:…")->required();
    app.add_option("NEW", options.after, "A file or iglu:…")->required();
    app.add_flag("--json", options.json, "Print JSON");
    add_iglu_options(app, options.iglu);
    return parse_and_run(app, arguments, [&] { return run(options); });
}

}  // namespace snowline::cli
