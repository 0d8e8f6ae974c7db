#include "common/config/problem.h"
#include "common/ops/log_settings.h"
#include "common/ops/stop_signals.h"
#include "enricher/app/service.h"
#include "enricher/engine/engine.h"
#include "iglu/resolve/resolver_config_file.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

namespace {

using namespace snowline;

constexpr const char* kAbout =
    "Reads what collectors wrote, validates and enriches it, and writes good and bad rows: each\n"
    "exactly once, together with the position it has read up to.\n"
    "\n"
    "  snowline-enricher --config enricher.hocon --iglu-config resolver.json --enrichments DIR\n"
    "\n"
    "The configuration is Snowplow Enrich's (HOCON), with our keys below `snowline`. The least "
    "one:\n"
    "\n"
    "  input  { type = Kafka, topicName = raw, bootstrapServers = \"localhost:9092\" }\n"
    "  output {\n"
    "    good { type = Kafka, topicName = good, bootstrapServers = \"localhost:9092\" }\n"
    "    bad  { type = Kafka, topicName = bad,  bootstrapServers = \"localhost:9092\" }\n"
    "  }\n"
    "\n"
    "Several of them share the work where each has its own `snowline.instance` (or host).\n"
    "SIGTERM ends it without losing or doubling a row; the exit code is 0.";

struct Arguments {
    std::string config, iglu_config, enrichments;
};

int run(const Arguments& arguments, ops::StopSignals& signals) {
    const auto loaded = enricher::load_settings(arguments.config);
    for (const auto& warning : loaded.warnings) {
        std::fprintf(stderr, "%s\n", config::print(warning).c_str());
    }
    const enricher::Settings& settings = loaded.settings;
    ops::apply(settings.snowline.log);
    iglu::ResolverConfig registries;
    if (!arguments.iglu_config.empty()) {
        registries = iglu::read_resolver_config(arguments.iglu_config);
    }
    auto enrichments =
        arguments.enrichments.empty()
            ? std::make_unique<enricher::InstalledEnrichments>()
            : std::make_unique<enricher::InstalledEnrichments>(arguments.enrichments);
    enricher::Engine engine(
        enricher::engine_settings(settings),
        iglu::open_client(registries, {.outage_wait = settings.snowline.iglu.outage_wait,
                                       .lookups = settings.snowline.iglu.lookups}),
        std::move(enrichments));
    return enricher::serve(engine, settings, signals);
}

}  // namespace

int main(int argc, char** argv) {
    ops::StopSignals signals;
    CLI::App app(kAbout, "snowline-enricher");
    Arguments arguments;
    app.add_option("--config", arguments.config, "The configuration: a file, or its text in base64")
        ->required();
    app.add_option("--iglu-config", arguments.iglu_config,
                   "The resolver's configuration: a file, or base64; without it the built-in "
                   "schemas are all there are");
    app.add_option("--enrichments", arguments.enrichments, "Folder of enrichments' configurations");
    app.set_version_flag("--version",
                         "snowline-enricher " + enricher::CoreSettings{}.processor.version);
    CLI11_PARSE(app, argc, argv);
    try {
        return run(arguments, signals);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
