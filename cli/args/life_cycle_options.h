#pragma once

#include "enricher/event/settings.h"

#include <string>

namespace CLI {
class App;
}

namespace snowline::cli {

/// How a command that enriches treats old schemas; the same as `snowline.lifeCycles`.
struct LifeCycleOptions {
    std::string folder;  // --life-cycles; empty: no schema is old
    bool quarantine = false;
};

void add_life_cycle_options(CLI::App& app, LifeCycleOptions& options);

/// Replaces the settings' values if the options name a folder.
void apply(const LifeCycleOptions& options, enricher::LifeCycleSettings& settings);

}  // namespace snowline::cli
