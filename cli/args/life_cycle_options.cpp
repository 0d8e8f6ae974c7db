#include "cli/args/life_cycle_options.h"

#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace snowline::cli {

void add_life_cycle_options(CLI::App& app, LifeCycleOptions& options) {
    auto* folder = app.add_option(
        "--life-cycles", options.folder,
        "a folder of schemas whose life-cycle.json files say what is sunset; its data is marked");
    app.add_flag("--quarantine", options.quarantine,
                 "with --life-cycles: what is sunset is a bad row")
        ->needs(folder);
}

std::shared_ptr<const enricher::OldSchemaRules> old_schema_rules(const LifeCycleOptions& options) {
    if (options.folder.empty()) return nullptr;
    auto lives = iglu::WatchedLifeCycles::open(options.folder);
    if (!lives) throw std::runtime_error(fmt::format("{}", fmt::join(lives.error(), "; ")));
    return std::make_shared<const enricher::OldSchemaRules>(enricher::OldSchemaRules{
        .lives = *std::move(lives),
        .after_sunset = options.quarantine ? enricher::AfterSunset::kQuarantine
                                           : enricher::AfterSunset::kMark});
}

}  // namespace snowline::cli
