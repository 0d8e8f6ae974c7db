#include "enricher/engine/engine.h"

#include "common/check.h"
#include "enricher/engine/configured_log.h"
#include "enricher/metrics/admin_page.h"
#include "enricher/metrics/metrics_page.h"
#include "enricher/run/runner.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace snowline::enricher {
namespace {

using namespace std::chrono_literals;

/// A member of the group, and its runner.
class RunnerSession final : public LogSession {
public:
    RunnerSession(std::unique_ptr<log::GroupMember> member,
                  std::vector<std::unique_ptr<RecordMapper>> mappers, Metrics& metrics,
                  RunnerOptions options)
        : member_(std::move(member)),
          runner_(*member_, *member_, std::move(mappers), metrics, std::move(options)) {}

    Result<void, log::Failure> run(const std::atomic<bool>& stop) override {
        return runner_.run(stop);
    }

private:
    std::unique_ptr<log::GroupMember> member_;
    Runner runner_;
};

}  // namespace

Engine::Engine(const EngineSettings& settings, std::unique_ptr<iglu::IgluClient> schemas,
               std::unique_ptr<InstalledEnrichments> enrichments)
    : settings_(settings),
      core_(core_settings_of(settings_)),
      schemas_(std::move(schemas)),
      enrichments_(std::move(enrichments)),
      remote_adapters_(settings_.remote_adapters),
      reports_(settings_, metrics_) {}

Engine::~Engine() = default;

void Engine::start(JoinGroup open) {
    SNOWLINE_CHECK(!supervisor_);
    join_group_ = std::move(open);
    schemas_->refresh_in_background();
    enrichments_->refresh_in_background(settings_.assets_update_period);
    supervisor_.emplace([this] { return open_session(); }, metrics_);
}

bool Engine::stop(std::chrono::milliseconds at_most) {
    if (!supervisor_) return true;
    supervisor_->stop();
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (!supervisor_->has_ended()) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(5ms);
    }
    return !supervisor_->is_stuck();
}

WaitingWorker Engine::waiting_worker() const {
    return WaitingWorker(core_, schemas_->cache(), enrichments_->all().clone());
}

ops::AdminResponse Engine::admin_page(std::string_view path, std::string_view program) const {
    return enricher::admin_page(path, metrics_,
                                {.program = program,
                                 .group = group_of(settings_),
                                 .has_ended = has_ended(),
                                 .lookups = schemas_->cache().counts()});
}

void Engine::write_metrics(ops::PrometheusText& text) const {
    enricher::write_metrics(metrics_.totals(), schemas_->cache().counts(), group_of(settings_),
                            text);
}

Result<std::unique_ptr<LogSession>, log::Failure> Engine::open_session() {
    auto dedupe = open_dedupe(settings_);
    if (!dedupe) return unexpected(dedupe.error());
    auto member = join_group_();
    if (!member) return unexpected(member.error());
    return std::make_unique<RunnerSession>(
        *std::move(member), mappers(), metrics_,
        RunnerOptions{.outputs = core_.outputs,
                      .transaction_bytes = static_cast<std::size_t>(settings_.transaction.bytes),
                      .dedupe = *std::move(dedupe)});
}

std::vector<std::unique_ptr<RecordMapper>> Engine::mappers() {
    std::vector<std::unique_ptr<RecordMapper>> workers;
    const auto count = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i) {
        workers.push_back(std::make_unique<CoreMapper>(
            core_, schemas_->loader(), enrichments_->all().clone(), &remote_adapters_));
    }
    return workers;
}

}  // namespace snowline::enricher
