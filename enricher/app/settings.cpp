#include "enricher/app/settings.h"

#include "common/config/load.h"
#include "common/config/reader.h"

#include <utility>

namespace snowline::enricher {
namespace {

using config::Reader;

void read_snowline(const Reader& snowline, Settings::Snowline& settings) {
    program::read_shared(snowline, settings);
    iglu::read_iglu(snowline.section("iglu"), settings.iglu);
    read_dedupe(snowline.section("dedupe"), settings.dedupe);
    read_life_cycles(snowline.section("lifeCycles"), settings.life_cycles);
    read_pii(snowline.section("pii"), settings.pii);
    read_record_limits(snowline.section("recordLimits"), settings.record_limits);
    read_transaction(snowline.section("transaction"), settings.transaction);
    // The collector's, so that both can share a file.
    for (const char* key : {"tls", "delivery", "networking", "access", "privacy", "spool"}) {
        snowline.accept(key);
    }
}

void read_all(const Reader& root, Settings& settings) {
    read_input(root, settings);
    read_outputs(root, settings, settings);
    read_assets(root, settings);
    read_feature_flags(root.section("featureFlags"), settings.feature_flags);
    read_remote_adapters(root.section("remoteAdapters"), settings.remote_adapters);
    read_adapters_schemas(root.section("adaptersSchemas"), settings.adapters_schemas);
    read_monitoring(root.section("monitoring"), settings);
    read_snowline(root.section("snowline"), settings.snowline);
    // Of the reference and without effect here: workers follow the cores, nobody is phoned, no
    // licence asked for, no cloud's own storage read.
    for (const char* key : {"concurrency", "license", "telemetry", "experimental", "blobStorage"}) {
        root.accept(key);
    }
    root.accept("collector");  // the other program's, so that both can share a file
    if (settings.path.empty()) settings.path = settings.snowline.data;
}

}  // namespace

LoadedSettings decode_settings(const config::Tree& tree, Settings settings) {
    config::Report report;
    read_all(Reader(tree.root(), "", report), settings);
    auto warnings = report.finish(tree.root());
    return {.settings = std::move(settings), .warnings = std::move(warnings)};
}

LoadedSettings load_settings(const std::string& argument) {
    return decode_settings(config::load_argument(argument));
}

EngineSettings engine_settings(const Settings& settings) {
    return {settings,
            settings,
            settings,
            settings,
            settings.feature_flags,
            settings.remote_adapters,
            settings.adapters_schemas,
            settings.snowline.dedupe,
            settings.snowline.life_cycles,
            settings.snowline.pii,
            settings.snowline.record_limits,
            settings.snowline.transaction,
            settings.snowline.kafka,
            settings.snowline.instance};
}

}  // namespace snowline::enricher
