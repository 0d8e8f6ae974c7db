#include "enricher/app/service.h"

#include "common/ops/admin_server.h"
#include "common/ops/logging.h"
#include "enricher/engine/configured_log.h"

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 200ms;  // how often the signals are checked
// The end comes within ten seconds of SIGTERM. A commit takes milliseconds; one that brokers do not
// answer takes 15 s, and is not waited for: its records are read again if it was not made.
constexpr auto kStopMax = 9s;

std::unique_ptr<ops::AdminServer> open_admin(const Engine& engine, const Settings& settings) {
    const auto& at = settings.snowline.admin;
    if (!at.port) return nullptr;
    auto started = ops::AdminServer::start(at.interface, *at.port,
                                           [&engine](std::string_view path, std::string_view) {
                                               return engine.admin_page(path, "enricher");
                                           });
    if (!started) throw std::runtime_error(started.error());
    return *std::move(started);
}

}  // namespace

int serve(Engine& engine, const Settings& settings, ops::StopSignals& signals) {
    const EngineSettings of_engine = engine_settings(settings);
    engine.start([&of_engine] { return join_group(of_engine); });
    const auto admin = open_admin(engine, settings);
    while (!engine.has_ended() && !signals.wait_for(kLook)) engine.report_metrics();
    ops::log(ops::Level::kInfo, "stopping");
    if (!engine.stop(kStopMax)) {
        // librdkafka 2.0.2 may block without limit on brokers that are away. The next start settles
        // what became of a transaction, so exiting loses nothing.
        ops::log(ops::Level::kError, "the log does not let go; ending all the same");
        std::_Exit(1);
    }
    engine.report_last_metrics();
    ops::log(ops::Level::kInfo, "stopped");
    return engine.has_failed() ? 1 : 0;
}

}  // namespace snowline::enricher
