#include "cli/up/up.h"

#include "cli/args/data_directory.h"
#include "cli/args/life_cycle_options.h"
#include "cli/log/describe.h"
#include "collector/net/server.h"
#include "common/log/sqlite/embedded.h"
#include "common/ops/admin_server.h"
#include "common/ops/logging.h"
#include "common/ops/stop_signals.h"
#include "enricher/app/admin_page.h"
#include "enricher/app/metrics.h"
#include "enricher/core_mapper.h"
#include "enricher/run/runner.h"
#include "iglu/resolve/iglu_client.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace snowline::cli {
namespace {

using namespace std::chrono_literals;

constexpr const char* kInterface = "127.0.0.1";
constexpr const char* kGroup = "enrich";
constexpr auto kOutageWait = 5s;  // a laptop's registry that is out should not look like a hang

struct Options {
    std::uint16_t port = 8080;
    std::uint16_t admin_port = 8081;
    std::string data = default_data_directory().string();
    std::vector<std::string> registries;
    LifeCycleOptions life_cycles;
    bool quiet = false;
};

Options parse(std::span<const std::string> arguments, int& exit_code) {
    Options options;
    CLI::App app(
        "Runs collector, log and enricher in one process, and prints each event as it arrives.\n"
        "A 200 means that the event is on disk; Ctrl-C loses nothing, starting again goes on.",
        "snowline up");
    app.add_option("--port", options.port, "trackers post here; 0 picks a free port")
        ->capture_default_str();
    app.add_option("--admin-port", options.admin_port,
                   "GET /ready, /health and /metrics; 0 picks a free port")
        ->capture_default_str();
    app.add_option("--data", options.data, "directory of the log")->capture_default_str();
    app.add_option(
        "--iglu", options.registries,
        "a registry of your schemas: a folder (schemas/vendor/name/jsonschema/1-0-0) or a URL; "
        "may be repeated");
    add_life_cycle_options(app, options.life_cycles);
    app.add_flag("--quiet", options.quiet, "do not print events");
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        exit_code = app.exit(error) == 0 ? 0 : 2;
    }
    return options;
}

// Everything that cannot be had at the start ends the program with a reason.
template <class T>
T or_throw(Result<T, log::Failure> made) {
    if (!made) throw std::runtime_error(made.error().message);
    return *std::move(made);
}

collector::Settings collector_settings(const Options& options) {
    collector::Settings settings;
    settings.interface = kInterface;
    settings.port = options.port;
    settings.streams.good.name = "raw";
    settings.streams.bad.name = "bad";
    settings.streams.sink = collector::SinkKind::kEmbedded;
    settings.cookie.secure = false;  // a laptop's page is plain http, and would never send it back
    settings.cookie.same_site = "Lax";
    return settings;
}

std::vector<std::unique_ptr<iglu::Registry>> registries(const iglu::ResolverConfig& config) {
    auto opened = iglu::open_registries(config);
    if (!opened) throw std::runtime_error(fmt::format("{}", fmt::join(opened.error(), "; ")));
    return *std::move(opened);
}

iglu::ResolverConfig resolver_config(const Options& options) {
    iglu::ResolverConfig config;
    config.cache_ttl = 10;  // an author who edits a schema sees it at work soon
    for (const auto& registry : options.registries) {
        config.repositories.push_back(
            iglu::repository_of(registry, static_cast<int>(config.repositories.size())));
    }
    return config;
}

/// Prints rows as they are committed, from the time it was made.
class Printer {
public:
    Printer(const std::filesystem::path& data, std::shared_ptr<log::sqlite::Wakeup> wakeup)
        : reader_(
              or_throw(log::sqlite::open_reader(data, {"good", "bad"}, log::From::kEnd, wakeup))),
          thread_([this](const std::stop_token& stop) noexcept { run(stop); }) {}

private:
    void run(const std::stop_token& stop) {
        while (true) {
            const bool last_look = stop.stop_requested();
            const auto records = reader_->read({.wait = last_look ? 0ms : 200ms});
            if (!records)
                return ops::log(ops::Level::kError, "cannot read the rows",
                                {{"why", records.error().message}});
            for (const log::Record& record : *records) {
                fmt::print("{}\n", describe(record.topic, record.value));
            }
            std::fflush(stdout);
            if (last_look && records->empty()) return;
        }
    }

    std::unique_ptr<log::Reader> reader_;
    std::jthread thread_;  // last: it is joined first
};

/// The enricher's thread: it ends when it is told to, or when the log fails.
class Enriching {
public:
    Enriching(log::Hop& hop, const enricher::CoreSettings& settings, iglu::SchemaCache& schemas,
              enricher::Metrics& metrics)
        : runner_(hop, mappers(settings, schemas), metrics, {}),
          thread_([this]() noexcept { run(); }) {}

    ~Enriching() { stop_and_wait(); }

    void stop_and_wait() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    bool is_running() const { return running_; }

private:
    static std::vector<std::unique_ptr<enricher::RecordMapper>> mappers(
        const enricher::CoreSettings& settings, iglu::SchemaCache& schemas) {
        std::vector<std::unique_ptr<enricher::RecordMapper>> out;
        const auto workers = std::max(1U, std::thread::hardware_concurrency());
        for (unsigned i = 0; i < workers; ++i) {
            out.push_back(
                std::make_unique<enricher::CoreMapper>(settings, schemas, enricher::Enrichments{}));
        }
        return out;
    }

    void run() {
        const auto ended = runner_.run(stop_);
        if (!ended)
            ops::log(ops::Level::kError, "the enricher ended", {{"why", ended.error().message}});
        running_ = false;
    }

    std::atomic<bool> stop_ = false;
    std::atomic<bool> running_ = true;
    enricher::Runner runner_;
    std::thread thread_;
};

void print_greeting(const Options& options, std::uint16_t port, std::uint16_t admin_port) {
    const std::string url = fmt::format("http://{}:{}", kInterface, port);
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
        SNOWLINE_VERSION, url, kInterface, admin_port, options.data, url);
    std::fflush(stdout);
}

ops::AdminResponse admin_answer(std::string_view path, const collector::Server& server,
                                const enricher::Metrics& metrics,
                                const enricher::AdminState& state) {
    if (path == "/ready" && state.has_ended)
        return {.status = 503, .body = "the enricher has ended\n"};
    if (path == "/ready" && !server.sinks_healthy())
        return {.status = 503, .body = "the log does not take events\n"};
    return enricher::admin_page(path, metrics, state);
}

int run(const Options& options) {
    ops::StopSignals signals;
    std::filesystem::create_directories(options.data);
    const auto wakeup = std::make_shared<log::sqlite::Wakeup>();
    const log::sqlite::WriterOptions writer{.wakeup = wakeup};
    const auto producer =
        or_throw(log::sqlite::open_producer(options.data, log::sqlite::kCollector, writer));
    const auto hop = or_throw(log::sqlite::open_hop(options.data, kGroup, {"raw"}, writer));

    const auto config = resolver_config(options);
    iglu::IgluClient schemas(config, registries(config), {.outage_wait = kOutageWait});
    schemas.refresh_in_background();

    std::optional<Printer> printer;
    if (!options.quiet) printer.emplace(options.data, wakeup);
    enricher::CoreSettings settings;
    settings.old_schemas = old_schema_rules(options.life_cycles);
    enricher::Metrics metrics;
    metrics.connected(true);
    Enriching enriching(*hop, settings, schemas.cache(), metrics);
    collector::Server server(collector_settings(options), {*producer, *producer});
    server.start();
    const auto admin = ops::AdminServer::start(
        kInterface, options.admin_port, [&](std::string_view path, std::string_view) {
            return admin_answer(path, server, metrics,
                                {.program = "up",
                                 .group = kGroup,
                                 .has_ended = !enriching.is_running(),
                                 .lookups = schemas.cache().counts()});
        });
    if (!admin) throw std::runtime_error(admin.error() + "; --admin-port 0 picks a free one");
    server.set_healthy(true);
    print_greeting(options, server.port(), (*admin)->port());

    while (enriching.is_running() && !signals.wait_for(200ms)) {
    }
    const bool failed = !enriching.is_running();
    server.stop(10s);
    static_cast<void>(producer->flush(5s));
    enriching.stop_and_wait();
    printer.reset();
    const enricher::Totals totals = metrics.totals();
    std::uint64_t rows = 0;
    for (const auto& output : totals.outputs) rows += output.rows;
    fmt::print("\n{} requests enriched: {} rows, {} of them bad\n", totals.records, rows,
               totals.outputs[static_cast<std::size_t>(enricher::RowKind::kBad)].rows);
    return failed ? 1 : 0;
}

}  // namespace

int up(std::span<const std::string> arguments) {
    int exit_code = -1;
    const Options options = parse(arguments, exit_code);
    if (exit_code >= 0) return exit_code;
    try {
        return run(options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "snowline up: {}\n", error.what());
        return 1;
    }
}

}  // namespace snowline::cli
