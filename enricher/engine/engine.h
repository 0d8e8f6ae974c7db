#pragma once

#include "common/ops/admin_server.h"
#include "common/ops/prometheus_text.h"
#include "enricher/app/settings.h"
#include "enricher/engine/installed_enrichments.h"
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

/// The one composition of an enricher. How a record goes through it:
///
///     log ─▶ Supervisor (opens the log's client; makes it anew where it failed)
///             └▶ Runner (batches, transactions) ─▶ a mapper a worker ─▶ rows ─▶ log
///                                                   └ schemas, enrichments, settings: the Engine's
///     `snowline enrich`: a file's lines ─▶ WaitingWorker ─▶ rows, with the same three
///
/// Metrics of all that are the Engine's, too. Programs read the configuration, make an Engine, and
/// print.
namespace snowline::enricher {

using JoinGroup = std::function<Result<std::unique_ptr<log::GroupMember>, log::Failure>()>;

class Engine {
public:
    /// Throws std::runtime_error for what is wrong with the settings.
    Engine(const Settings& settings, std::unique_ptr<iglu::IgluClient> schemas,
           std::unique_ptr<InstalledEnrichments> enrichments);
    ~Engine();  // as `stop`, without an end to the waiting

    /// Reads the log that `open` gives, on a thread of its own, with as many workers as there are
    /// cores, and refreshes schemas and files of enrichments in the background. Once.
    void start(JoinGroup open);
    /// Commits what has begun. False where the log does not let go within the time: what is not
    /// committed will be read again, so the process may end all the same.
    bool stop(std::chrono::milliseconds at_most);
    bool has_ended() const { return supervisor_ && supervisor_->has_ended(); }
    bool has_failed() const { return supervisor_ && supervisor_->has_failed(); }
    /// The log's client was not destroyed in time and still uses this: the process has to end
    /// without destroying it.
    bool is_stuck() const { return supervisor_ && supervisor_->is_stuck(); }

    /// For records that come from elsewhere than a log. Must not outlive the engine.
    WaitingWorker waiting_worker() const;
    iglu::SchemaCache& schemas() const { return schemas_->cache(); }

    /// Sends and prints the metrics that the settings ask for; to be called a few times a second,
    /// by one thread.
    void report_metrics() { reports_.tick(MetricsReports::Clock::now()); }
    void report_last_metrics() { reports_.finish(); }

    Totals totals() const { return metrics_.totals(); }
    /// `/metrics`, `/health` and `/ready`; `program` is the one that the metrics name.
    ops::AdminResponse admin_page(std::string_view path, std::string_view program) const;
    /// The enricher's part of a page of metrics.
    void write_metrics(ops::PrometheusText& text) const;

private:
    Result<std::unique_ptr<LogSession>, log::Failure> open_session();
    std::vector<std::unique_ptr<RecordMapper>> mappers();

    const Settings settings_;
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
