#pragma once

#include "common/log/log.h"
#include "enricher/dedupe/deduplicator.h"
#include "enricher/metrics/metrics.h"
#include "enricher/outputs/outputs.h"
#include "enricher/pipeline/record_mapper.h"
#include "enricher/run/batch_mapper.h"
#include "enricher/run/batch_size.h"
#include "enricher/run/open_batch.h"
#include "enricher/run/written_topics.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

struct RunnerOptions {
    Outputs outputs;         // those of the mappers
    log::PollLimits limits;  // to begin with
    BatchBounds bounds;
    /// Between two looks at what waits for a registry that is out.
    std::chrono::milliseconds retry{500};
    /// How long a batch is kept open for answers that are under way. After that the partitions that
    /// wait for them are held, and the others are committed.
    std::chrono::milliseconds patience{200};
    /// Rows of one commit, about, and of the records that are with the workers. A batch of more is
    /// mapped and committed in parts; what one record becomes is in one.
    std::size_t transaction_bytes = 64'000'000;
    DedupeOptions dedupe;
    OutputWatch::Times watch{};
    /// From `stop` until what is with the workers is left, to be read again.
    std::chrono::milliseconds leave_after{500};
};

/// The running enricher: reads batches of its group, maps their records on all workers, and commits
/// each batch's rows together with the read positions. The next batch is mapped while one commits;
/// a transaction begins only when its rows are ready. At most two batches are in memory.
/// Workers begin no more records once their rows are enough for a transaction: these come next.
/// While rows of more than a part of that are committed, nothing else is mapped.
///
/// A row that its topic finds too large is made again as a size_violation: the transaction is
/// dropped, and its records are read again. While an output cannot be written the runner keeps its
/// place in the group and commits nothing, or parks the output's rows (OutputWatch).
///
/// Workers run every record of a batch until it is done or asks for what is not known yet; while
/// their questions are answered, together, the others run. Then each goes on at the stage that
/// asked, with the worker that began it. A record that still waits holds its own partition only: no
/// more is read or committed of that one, and it goes on as soon as its answers are there, or is
/// tried again every `retry`, while the others go on. What is held is no more than what was polled
/// of these partitions before: one batch, or two.
class Runner {
public:
    /// One mapper a worker. All must outlive the runner.
    Runner(log::GroupReader& reader, log::Transaction& transaction,
           std::vector<std::unique_ptr<RecordMapper>> mappers, Metrics& metrics,
           RunnerOptions options);

    /// Runs until `stop` is true (what was mapped is committed first), or until the log is of no
    /// more use: then join the group again, and make a new runner.
    Result<void, log::Failure> run(const std::atomic<bool>& stop);

private:
    using Clock = std::chrono::steady_clock;

    Result<OpenBatch, log::Failure> take_next(bool is_mapping);
    Result<void, log::Failure> poll(bool is_mapping);
    Result<void, log::Failure> wait_for_workers();
    void finish_mapping(OpenBatch& batch);
    void prepare(OpenBatch& next);
    Result<bool, log::Failure> commit(OpenBatch& batch);
    Result<bool, log::Failure> commit_part(OpenBatch part);
    void leave_if_stopped();
    void drop_held();
    void look_up_lags();
    Result<void, log::Failure> wait_for_outputs(const std::atomic<bool>& stop);

    log::GroupReader& reader_;
    log::Transaction& transaction_;
    Metrics& metrics_;
    RunnerOptions options_;
    log::PollLimits limits_;  // of the next poll
    std::optional<std::uint64_t> generation_;
    Deduplicator deduplicator_;
    WrittenTopics topics_;
    struct Polled {
        std::vector<log::Batch> parts;  // of one partition each
        OpenBatch batch;                // to be made of them
    };
    std::optional<Polled> polled_;  // the deduplicator has not judged it yet
    std::vector<Segment> held_;     // of partitions that wait, in order
    Clock::time_point retried_{}, looked_up_{};
    Clock::time_point next_poll_{};  // until then, records gather
    const std::atomic<bool>* stop_ = nullptr;
    std::optional<Clock::time_point> stopped_{};
    BatchMapper mapper_;
};

}  // namespace snowline::enricher
