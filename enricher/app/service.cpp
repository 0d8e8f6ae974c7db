#include "enricher/app/service.h"

#include "common/ops/admin_server.h"
#include "common/ops/logging.h"
#include "enricher/app/admin_page.h"
#include "enricher/app/metrics.h"
#include "enricher/app/metrics_reports.h"
#include "enricher/core_mapper.h"
#include "enricher/hop_of_settings.h"
#include "enricher/run/runner.h"
#include "iglu/resolve/iglu_client.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 200ms;    // at the signals
constexpr auto kStopMax = 30s;   // a commit that has begun takes 15 s at most
constexpr auto kRetry = 1000ms;  // of a log that cannot be reached
constexpr std::size_t kFencedMax = 5;
constexpr auto kFencedWithin = 60s;

// After these another hop may do better.
bool is_passing(log::Reason reason) {
    return reason == log::Reason::kUnavailable || reason == log::Reason::kFull ||
           reason == log::Reason::kStale || reason == log::Reason::kBroken;
}

std::unique_ptr<iglu::IgluClient> open_schemas(const Settings& settings,
                                               const iglu::ResolverConfig& config) {
    auto registries = iglu::open_registries(config);
    if (!registries)
        throw std::runtime_error(fmt::format("{}", fmt::join(registries.error(), "\n")));
    auto client = std::make_unique<iglu::IgluClient>(
        config, *std::move(registries),
        iglu::IgluClientOptions{.outage_wait = settings.snowline.iglu.outage_wait});
    client->refresh_in_background();
    return client;
}

/// Hops and runners, one after the other, on a thread of its own.
class Enriching {
public:
    Enriching(const Settings& settings, iglu::SchemaCache& schemas, const Enrichments& enrichments,
              Metrics& metrics)
        : settings_(settings),
          core_(core_settings_of(settings)),
          schemas_(schemas),
          enrichments_(enrichments),
          metrics_(metrics),
          remote_adapters_(settings.remote_adapters),
          thread_([this]() noexcept { run(); }) {}

    ~Enriching() {
        stop_ = true;
        thread_.join();
    }

    void stop() { stop_ = true; }
    bool has_ended() const { return ended_; }
    bool has_failed() const { return failed_; }

private:
    void run() {
        while (!stop_ && !failed_) {
            auto dedupe = open_dedupe(settings_);
            if (!dedupe) {
                judge("the log cannot be opened", dedupe.error());
                continue;
            }
            auto hop = open_hop(settings_);
            if (!hop) {
                judge("the log cannot be opened", hop.error());
                continue;
            }
            metrics_.connected(true);
            ops::log(ops::Level::kInfo, "the enricher is reading");
            Runner runner(**hop, mappers(), metrics_,
                          {.topics = topics_of(settings_), .dedupe = *std::move(dedupe)});
            const auto ended = runner.run(stop_);
            metrics_.connected(false);
            if (!ended) {
                metrics_.restarted();
                judge("the log failed", ended.error());
            }
        }
        ended_ = true;
    }

    void judge(std::string_view what, const log::Failure& failure) {
        failed_ = failure.reason == log::Reason::kFenced ? is_fenced_for_good()
                                                         : !is_passing(failure.reason);
        ops::log(failed_ ? ops::Level::kError : ops::Level::kWarn, what,
                 {{"reason", failure.message}});
        const auto until = std::chrono::steady_clock::now() + kRetry;
        while (!failed_ && !stop_ && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(kLook);
        }
    }

    /// A static member whose broker died while it joined the group finds itself fenced by what it
    /// asked for. That does not come again; a twin of the same name does.
    bool is_fenced_for_good() {
        const auto now = std::chrono::steady_clock::now();
        fenced_.push_back(now);
        while (now - fenced_.front() > kFencedWithin) fenced_.pop_front();
        return fenced_.size() >= kFencedMax;
    }

    std::vector<std::unique_ptr<RecordMapper>> mappers() {
        std::vector<std::unique_ptr<RecordMapper>> workers;
        const auto count = std::max(1U, std::thread::hardware_concurrency());
        for (unsigned i = 0; i < count; ++i) {
            workers.push_back(std::make_unique<CoreMapper>(core_, schemas_, enrichments_.clone(),
                                                           &remote_adapters_));
        }
        return workers;
    }

    const Settings& settings_;
    const CoreSettings core_;
    iglu::SchemaCache& schemas_;
    const Enrichments& enrichments_;
    Metrics& metrics_;
    RemoteAdapterClient remote_adapters_;
    std::deque<std::chrono::steady_clock::time_point> fenced_;  // of late
    std::atomic<bool> stop_ = false, ended_ = false, failed_ = false;
    std::thread thread_;
};

}  // namespace

int serve(const Settings& settings, const iglu::ResolverConfig& registries,
          const Enrichments& enrichments, ops::StopSignals& signals) {
    const auto schemas = open_schemas(settings, registries);
    Metrics metrics;
    MetricsReports reports(settings, metrics);
    Enriching enriching(settings, schemas->cache(), enrichments, metrics);
    std::unique_ptr<ops::AdminServer> admin;
    if (const auto& at = settings.snowline.admin; at.port) {
        auto started = ops::AdminServer::start(
            at.interface, *at.port,
            [&, group = group_of(settings)](std::string_view path, std::string_view) {
                return admin_page(path, metrics,
                                  {.program = "enricher",
                                   .group = group,
                                   .has_ended = enriching.has_ended(),
                                   .lookups = schemas->cache().counts()});
            });
        if (!started) throw std::runtime_error(started.error());
        admin = *std::move(started);
    }
    while (!enriching.has_ended() && !signals.wait_for(kLook)) {
        reports.tick(std::chrono::steady_clock::now());
    }
    ops::log(ops::Level::kInfo, "stopping");
    enriching.stop();
    const auto until = std::chrono::steady_clock::now() + kStopMax;
    while (!enriching.has_ended()) {
        std::this_thread::sleep_for(20ms);
        if (std::chrono::steady_clock::now() < until) continue;
        // librdkafka 2.0.2 may wait without an end for brokers that are away. What is not committed
        // is read again by the next one: ending here loses nothing.
        ops::log(ops::Level::kError, "the log does not let go; ending all the same");
        std::_Exit(1);
    }
    reports.finish();
    ops::log(ops::Level::kInfo, "stopped");
    return enriching.has_failed() ? 1 : 0;
}

}  // namespace snowline::enricher
