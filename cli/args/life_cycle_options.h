#pragma once

#include "enricher/event/old_schemas.h"

#include <memory>
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

/// nullptr where no folder is named. Throws std::runtime_error that says everything that is wrong.
std::shared_ptr<const enricher::OldSchemaRules> old_schema_rules(const LifeCycleOptions& options);

}  // namespace snowline::cli
