#pragma once

#include "common/ops/admin_server.h"
#include "common/ops/prometheus_text.h"
#include "enricher/engine/installed_enrichments.h"
#include "enricher/engine/settings.h"
#include "enricher/engine/supervisor.h"
#include "enricher/engine/waiting_worker.h"
#include "enricher/metrics/metrics.h"
#include "enricher/metrics/metrics_reports.h"
#include "enricher/pipeline/core_mapper.h"
#include "iglu/resolve/iglu_client.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

/// The composition of an enricher, used by all programs. The path of a record:
///
///     log ─▶ Supervisor (opens the log's client; makes it anew where it failed)
///             └▶ Runner (batches, transactions) ─▶ a mapper a worker ─▶ rows ─▶ log
///                                                   └ schemas, enrichments, settings: the Engine's
///     `snowline enrich`: a file's lines ─▶ WaitingWorker ─▶ rows, with the same three
///
/// The Engine also owns the metrics of all parts. Programs read the configuration, create an
/// Engine, and print.
namespace snowline::enricher {

using JoinGroup = std::function<Result<std::unique_ptr<log::GroupMember>, log::Failure>()>;

class Engine {
public:
    /// Throws std::runtime_error where the settings are invalid.
    Engine(const EngineSettings& settings, std::unique_ptr<iglu::IgluClient> schemas,
           std::unique_ptr<InstalledEnrichments> enrichments);
    ~Engine();  // as `stop`, but waits without a limit

    /// Starts reading the log that `open` joins, on a thread of its own, with one worker for each
    /// core; refreshes schemas and enrichments' files in the background. Call once.
    void start(JoinGroup open);
    /// Commits what has begun; blocks for `at_most`. False: the log's client did not stop in time.
    /// Uncommitted records will be read again, so the process may exit.
    bool stop(std::chrono::milliseconds at_most);
    bool has_ended() const { return supervisor_ && supervisor_->has_ended(); }
    bool has_failed() const { return supervisor_ && supervisor_->has_failed(); }
    /// The log's client was not destroyed in time and still uses this: the process has to end
    /// without destroying it.
    bool is_stuck() const { return supervisor_ && supervisor_->is_stuck(); }

    /// A worker for records that do not come from a log. Must not outlive the engine.
    WaitingWorker waiting_worker() const;
    iglu::SchemaCache& schemas() const { return schemas_->cache(); }

    /// Sends and prints the metrics that the settings ask for; to be called a few times a second,
    /// on one thread.
    void report_metrics() { reports_.tick(MetricsReports::Clock::now()); }
    void report_last_metrics() { reports_.finish(); }

    Totals totals() const { return metrics_.totals(); }
    /// Answers `/metrics`, `/health` and `/ready`; `program` is the program's name in the metrics.
    ops::AdminResponse admin_page(std::string_view path, std::string_view program) const;
    /// Writes the enricher's metrics.
    void write_metrics(ops::PrometheusText& text) const;

private:
    Result<std::unique_ptr<LogSession>, log::Failure> open_session();
    std::vector<std::unique_ptr<RecordMapper>> mappers();

    const EngineSettings settings_;
    const CoreSettings core_;
    const std::unique_ptr<iglu::IgluClient> schemas_;
    const std::unique_ptr<InstalledEnrichments> enrichments_;
    RemoteAdapterClient remote_adapters_;
    Metrics metrics_;
    MetricsReports reports_;
    JoinGroup join_group_;
    std::optional<Supervisor> supervisor_;  // last: its thread uses all of the above
};

}  // namespace snowline::enricher
