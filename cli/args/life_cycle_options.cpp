#include "cli/args/life_cycle_options.h"

#include <CLI/CLI.hpp>

namespace snowline::cli {

void add_life_cycle_options(CLI::App& app, LifeCycleOptions& options) {
    auto* folder = app.add_option(
        "--life-cycles", options.folder,
        "a folder of schemas whose life-cycle.json files say what is sunset; its data is marked");
    app.add_flag("--quarantine", options.quarantine,
                 "with --life-cycles: what is sunset is a bad row")
        ->needs(folder);
}

void apply(const LifeCycleOptions& options, enricher::LifeCycleSettings& settings) {
    if (options.folder.empty()) return;
    settings = {.folder = options.folder,
                .after_sunset = options.quarantine ? enricher::AfterSunset::kQuarantine
                                                   : enricher::AfterSunset::kMark};
}

}  // namespace snowline::cli
