#pragma once

#include "common/config/problem.h"
#include "common/program/shared_settings.h"
#include "enricher/engine/settings.h"
#include "iglu/resolve/settings.h"

#include <string>
#include <vector>

namespace snowline::config {
class Tree;
}  // namespace snowline::config

namespace snowline::enricher {

/// The enricher's configuration: Enrich 3.9's keys under its defaults and our own under `snowline`:
/// the rooms' slices, at the places that their keys have. A member's name is the key in snake_case;
/// what differs is said beside it.
struct Settings : InputSettings, OutputsSettings, AssetsSettings, ReportSettings {
    FeatureFlags feature_flags;
    RemoteAdaptersSettings remote_adapters;
    AdaptersSchemas adapters_schemas;

    /// Key `snowline`: what both programs have, and the enricher's own beside it.
    struct Snowline : program::SharedSettings {
        iglu::IgluSettings iglu;
        DedupeSettings dedupe;
        LifeCycleSettings life_cycles;
        PiiHiding pii;
        RecordLimits record_limits;
        TransactionSettings transaction;
    } snowline;
};

struct LoadedSettings {
    Settings settings;
    std::vector<config::Problem> warnings;  // unknown keys; each prints as one line
};

/// Reads the settings out of a configuration; throws config::Error with all that is wrong in it. A
/// key that is not there leaves what `defaults` has; a topic that has a default is not required.
LoadedSettings decode_settings(const config::Tree& tree, Settings defaults = {});

/// The same from `--config`: a file's path, or the whole text as base64.
LoadedSettings load_settings(const std::string& argument);

/// What the engine depends on, of a whole configuration.
EngineSettings engine_settings(const Settings& settings);

}  // namespace snowline::enricher
