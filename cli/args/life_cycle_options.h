#pragma once

#include "enricher/event/settings.h"

#include <string>

namespace CLI {
class App;
}

namespace snowline::cli {

/// What a command that enriches knows of old schemas: the options' form of `snowline.lifeCycles`.
struct LifeCycleOptions {
    std::string folder;  // --life-cycles; empty: no schema is old
    bool quarantine = false;
};

void add_life_cycle_options(CLI::App& app, LifeCycleOptions& options);

/// Where a folder is named, instead of what the settings have.
void apply(const LifeCycleOptions& options, enricher::LifeCycleSettings& settings);

}  // namespace snowline::cli
