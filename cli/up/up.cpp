#include "cli/up/up.h"

#include "cli/args/data_directory.h"
#include "cli/up/up_printer.h"
#include "cli/up/up_settings.h"
#include "collector/app/admin_page.h"
#include "collector/app/metrics.h"
#include "collector/net/server.h"
#include "common/log/sqlite/embedded.h"
#include "common/ops/admin_server.h"
#include "common/ops/log_settings.h"
#include "common/ops/logging.h"
#include "common/ops/process_metrics.h"
#include "common/ops/stop_signals.h"
#include "common/version.h"
#include "enricher/engine/configured_log.h"
#include "enricher/engine/engine.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kStopMax = 30s;  // far longer than a commit takes

UpOptions parse(std::span<const std::string> arguments, int& exit_code) {
    UpOptions options;
    CLI::App app(
        "Runs collector, log and enricher in one process, and prints each event as it arrives.\n"
        "A 200 means that the event is on disk; Ctrl-C loses nothing, starting again goes on.",
        "snowline up");
    app.add_option("--port", options.port,
                   fmt::format("trackers post here; 0 picks a free port [default: {}]", kUpPort));
    app.add_option("--admin-port", options.admin_port,
                   fmt::format("GET /ready, /health and /metrics; 0 picks a free port "
                               "[default: {}]",
                               kUpAdminPort));
    app.add_option(
           "--data", options.data,
           fmt::format("directory of the log [default: {}]", default_data_directory().string()))
        ->type_name("DIR");
    app.add_option("--config", options.config,
                   "a configuration with both services' keys, the collector's below `collector`, "
                   "the enricher's at the top; the log stays the embedded one, and the command "
                   "line wins")
        ->type_name("FILE");
    add_iglu_options(app, options.iglu);
    app.add_option("--enrichments", options.enrichments, "folder of enrichments' configurations")
        ->type_name("DIR");
    add_life_cycle_options(app, options.life_cycles);
    app.add_flag("--quiet", options.quiet, "do not print events");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        exit_code = app.exit(error) == 0 ? 0 : 2;
    }
    return options;
}

// Throws, which ends the program, where a part cannot be opened at the start.
template <class T>
T or_throw(Result<T, log::Failure> made) {
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
}

// Refreshes often, so that an author who edits a schema soon sees the effect.
std::unique_ptr<iglu::IgluClient> open_schemas(const UpOptions& options,
                                               const enricher::Settings& settings) {
    return iglu::open_client(resolver_config(options.iglu, {.cache_ttl = 10}),
                             {.outage_wait = settings.snowline.iglu.outage_wait,
                              .lookups = settings.snowline.iglu.lookups});
}

void print_greeting(const UpSettings& settings, std::uint16_t port, std::uint16_t admin_port) {
    const std::string url = fmt::format("http://{}:{}", settings.collector.interface, port);
    fmt::print(
        "snowline {} · collector, log and enricher in one process\n\n"
        "  collector  {}   give this to your trackers\n"
        "  admin      http://{}:{}/ready\n"
        "  data       {}\n\n"
        "Post an event from another terminal:\n\n"
        "  curl {}/com.snowplowanalytics.snowplow/tp2 -H 'Content-Type: application/json' -d '{{\n"
        "    \"schema\": \"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4\",\n"
        "    \"data\": [{{\"e\": \"pv\", \"p\": \"web\", \"tv\": \"curl\", \"aid\": \"shop\", "
        "\"url\": \"https://shop.example/\"}}]}}'\n\n"
        "A 200 means: on disk. Ctrl-C loses nothing, starting again goes on.\n\n",
        version(), url, settings.enricher.snowline.admin.interface, admin_port, settings.data(),
        url);
    std::fflush(stdout);
}

// One page for both programs: their two pages, with the process' own metrics once.
ops::AdminResponse admin_answer(std::string_view path, const collector::AdminState& collector,
                                const enricher::Engine& engine) {
    if (path == "/metrics") {
        ops::PrometheusText text;
        ops::write_process_metrics("up", text);
        collector::write_metrics(collector, text);
        engine.write_metrics(text);
        return {.content_type = std::string(ops::kPrometheusContentType),
                .body = std::move(text).take()};
    }
    if (path == "/ready" && engine.has_ended())
        return {.status = 503, .body = "the enricher has ended\n"};
    if (path == "/ready" && !collector.server.sinks_healthy())
        return {.status = 503, .body = "the log does not take events\n"};
    return engine.admin_page(path, "up");
}

std::unique_ptr<ops::AdminServer> open_admin(const UpSettings& settings,
                                             const collector::AdminState& collector,
                                             const enricher::Engine& engine) {
    auto admin =
        ops::AdminServer::start(settings.enricher.snowline.admin.interface, settings.admin_port(),
                                [collector, &engine](std::string_view path, std::string_view) {
                                    return admin_answer(path, collector, engine);
                                });
    if (!admin) throw std::runtime_error(admin.error() + "; --admin-port 0 picks a free one");
    return *std::move(admin);
}

void print_totals(const enricher::Totals& totals) {
    std::uint64_t rows = 0;
    std::uint64_t bad = 0;
    for (const auto& output : totals.outputs) {
        rows += output.rows;
        if (output.stream == enricher::Stream::kBad) bad += output.rows;
    }
    fmt::print("\n{} requests enriched: {} rows, {} of them bad\n",
               totals.counters["enrich_records_total"], rows, bad);
}

// Stops in the services' order: the collector until its records are durable, then the enricher
// after it has committed what has begun. A second signal skips the configured waiting. False: the
// enricher's thread has not ended and uses what it was given, so that the process has to end
// without destroying that. What is not committed will be read again.
bool stop(const UpSettings& settings, collector::Server& server, log::DurableProducer& producer,
          enricher::Engine& engine, ops::StopSignals& signals) {
    if (settings.collector.pre_termination_unhealthy) server.set_healthy(false);
    if (settings.collector.pre_termination_period > 0ms && !engine.has_ended()) {
        signals.wait_for(settings.collector.pre_termination_period);
    }
    server.stop(settings.collector.termination_deadline);
    static_cast<void>(producer.flush(5s));
    const bool has_ended = engine.stop(kStopMax);
    if (!has_ended) {
        ops::log(ops::Level::kError, "the enricher does not end; ending all the same");
    }
    engine.report_last_metrics();
    return has_ended;
}

int run(const UpOptions& options) {
    ops::StopSignals signals;
    const UpSettings settings = up_settings(options);
    for (const auto& warning : settings.warnings) fmt::print(stderr, "{}\n", warning);
    ops::apply(settings.enricher.snowline.log);
    std::filesystem::create_directories(settings.data());
    const auto wakeup = std::make_shared<log::sqlite::Wakeup>();
    const auto producer = or_throw(
        log::sqlite::open_producer(settings.data(), log::sqlite::kCollector, {.wakeup = wakeup}));
    const auto engine_settings = enricher::engine_settings(settings.enricher);
    const auto open = [&] { return enricher::join_group(engine_settings, wakeup); };
    // Opened here, so that an error ends the program before it serves requests.
    std::unique_ptr<log::GroupMember> first = or_throw(open());

    enricher::Engine engine(
        engine_settings, open_schemas(options, settings.enricher),
        options.enrichments.empty()
            ? std::make_unique<enricher::InstalledEnrichments>()
            : std::make_unique<enricher::InstalledEnrichments>(options.enrichments));
    std::optional<UpPrinter> printer;
    if (!options.quiet) {
        printer.emplace(settings.data(),
                        UpPrinter::Topics{.good = {settings.enricher.good.topic_name},
                                          .bad = {settings.enricher.bad.topic_name,
                                                  settings.collector.streams.bad.name}},
                        wakeup);
    }
    engine.start([&]() -> Result<std::unique_ptr<log::GroupMember>, log::Failure> {
        return first ? std::move(first) : open();
    });
    collector::Metrics metrics(settings.collector.statsd);
    const collector::Sinks sinks{*producer, *producer};
    collector::Server server(collector::server_settings(settings.collector), sinks, &metrics);
    server.start();
    const auto admin = open_admin(settings, {settings.collector, server, metrics, sinks}, engine);
    server.set_healthy(true);
    print_greeting(settings, server.port(), admin->port());

    while (!engine.has_ended() && !signals.wait_for(200ms)) engine.report_metrics();
    if (!stop(settings, server, *producer, engine, signals)) {
        print_totals(engine.totals());
        std::fflush(stdout);
        std::_Exit(1);
    }
    printer.reset();
    print_totals(engine.totals());
    return engine.has_failed() ? 1 : 0;
}

}  // namespace

int up(std::span<const std::string> arguments) {
    int exit_code = -1;
    const UpOptions options = parse(arguments, exit_code);
    if (exit_code >= 0) return exit_code;
    try {
        return run(options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "snowline up: {}\n", error.what());
        return 1;
    }
}

}  // namespace snowline::cli
