#include "collector/app/admin_page.h"
#include "collector/app/metrics.h"
#include "collector/app/settings.h"
#include "collector/delivery/ack_guarantee.h"
#include "collector/delivery/sinks.h"
#include "collector/net/server.h"
#include "collector/payload/collector_name.h"
#include "common/config/problem.h"
#include "common/ops/admin_server.h"
#include "common/ops/log_settings.h"
#include "common/ops/logging.h"
#include "common/ops/stop_signals.h"
#include "common/version.h"

#include <cstdio>
#include <exception>
#include <memory>

#include <CLI/CLI.hpp>

namespace {

using namespace snowline;

std::unique_ptr<ops::AdminServer> open_admin(const collector::AdminState& state) {
    const auto& at = state.settings.snowline.admin;
    if (!at.port) return nullptr;
    auto admin = ops::AdminServer::start(at.interface, *at.port,
                                         [state](std::string_view path, std::string_view) {
                                             return collector::admin_page(path, state);
                                         });
    if (!admin) throw std::runtime_error(admin.error());
    return *std::move(admin);
}

/// Serves until a signal comes, then shuts down in the reference's order: /health may fail,
/// requests are still served for a while so that load balancers notice, then the ports close, begun
/// requests are answered, and all records sent are made durable. A second signal skips the waiting.
void serve(const collector::Settings& settings, ops::StopSignals& signals) {
    const auto delivery = collector::delivery_settings(settings);
    const auto sinks = collector::open_sinks(delivery);
    collector::Metrics metrics(settings.statsd);
    const collector::Sinks view = sinks.view();
    collector::Server server(collector::server_settings(settings), view, &metrics);
    const auto admin = open_admin({settings, server, metrics, view});
    server.start();
    ops::log(ops::Level::kInfo, "the collector is listening",
             {{"interface", settings.interface}, {"port", std::to_string(server.port())}});
    const bool is_fast = settings.snowline.delivery.mode == collector::DeliveryMode::kFast;
    ops::log(is_fast ? ops::Level::kWarn : ops::Level::kInfo, "what a 200 means",
             {{"meaning", collector::meaning_of_200(delivery)}});
    signals.wait();

    ops::log(ops::Level::kInfo, "stopping");
    if (settings.pre_termination_unhealthy) server.set_healthy(false);
    signals.wait_for(settings.pre_termination_period);
    server.stop(settings.termination_deadline);
    for (log::DurableProducer* producer : {sinks.good.get(), sinks.bad.get()}) {
        const auto flushed = producer->flush(collector::flush_within(delivery));
        if (!flushed) {
            ops::log(ops::Level::kError, "records were not flushed in time",
                     {{"reason", flushed.error().message}});
        }
    }
    ops::log(ops::Level::kInfo, "stopped");
}

constexpr const char* kAbout =
    "Takes the events that Snowplow trackers and webhooks send, and answers once the log has "
    "them.\n"
    "\n"
    "  snowline-collector --config collector.hocon\n"
    "\n"
    "The configuration is the Snowplow collector's (HOCON), with keys of our own below "
    "`snowline`.\n"
    "All errors in it are told at once, with file, line and what is allowed; an unknown key is a\n"
    "warning. The least one:\n"
    "\n"
    "  collector {\n"
    "    interface = \"0.0.0.0\"\n"
    "    port = 8080\n"
    "    streams { good = raw, bad = bad, sink { enabled = stdout } }\n"
    "  }\n"
    "\n"
    "Then: curl 'http://localhost:8080/i?e=pv&p=web'\n"
    "SIGTERM ends it without losing an event; the exit code is 0.";

}  // namespace

int main(int argc, char** argv) {
    ops::StopSignals signals;
    CLI::App app(kAbout, "snowline-collector");
    std::string config;
    app.add_option("--config", config, "The configuration: a file, or its text in base64")
        ->required();
    app.set_version_flag("--version", std::string("snowline-collector ") + version());
    CLI11_PARSE(app, argc, argv);

    try {
        const auto loaded = collector::load_settings(config);
        for (const auto& warning : loaded.warnings) {
            std::fprintf(stderr, "%s\n", config::print(warning).c_str());
        }
        ops::apply(loaded.settings.snowline.log);
        serve(loaded.settings, signals);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
