#pragma once

#include "common/log/log.h"
#include "enricher/dedupe/deduplicator.h"
#include "enricher/record_mapper.h"
#include "enricher/worker_pool.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snowline::enricher {

/// Where each kind of row goes; a kind without a topic is not to be made by the mappers.
struct Topics {
    std::string good = "good";
    std::string bad = "bad";
    std::optional<std::string> good_json, failed, pii;
};

struct RunnerOptions {
    Topics topics;
    log::PollLimits limits;
    /// Between two looks at a registry that is out.
    std::chrono::milliseconds retry{500};
    DedupeOptions dedupe;
};

/// What a runner has done since it began.
struct RunnerCounts {
    std::atomic<std::uint64_t> records = 0, rows = 0, bad_rows = 0, batches = 0,
                               retried_batches = 0;
    /// Of the committed records: copies of earlier ones, which have no rows, and those with a
    /// `snowline-id` that says nothing (see Deduplicator).
    std::atomic<std::uint64_t> duplicates_dropped = 0, strange_ids = 0;
    std::atomic<std::uint64_t> dedupe_forgotten = 0;  // instances and intervals without room
};

/// The running enricher: reads batches from the hop, maps their records on all workers, and commits
/// each batch's rows together with the read positions. The next batch is mapped while one commits;
/// a transaction begins only when its rows are ready. At most two batches are in memory.
class Runner {
public:
    /// One mapper a worker. All must outlive the runner.
    Runner(log::Hop& hop, std::vector<std::unique_ptr<RecordMapper>> mappers,
           RunnerOptions options);

    /// Runs until `stop` is true (what was mapped is committed first), or until the hop is of no
    /// more use: then make a new hop, and a new runner.
    Result<void, log::Failure> run(const std::atomic<bool>& stop);

    const RunnerCounts& counts() const { return counts_; }

private:
    struct Mapped {
        log::Batch batch;  // without copies of earlier records
        Deduplicator::Outcome dedupe;
        std::vector<std::vector<log::Record>> outputs;  // of each record
    };

    Result<std::optional<Mapped>, log::Failure> take_next(bool may_wait);
    void start_mapping(Mapped& mapped, const std::atomic<bool>& stop);
    Result<void, log::Failure> wait_for_workers();
    Result<bool, log::Failure> commit(Mapped& mapped);
    std::vector<log::Record> map_record(RecordMapper& mapper, const log::Record& record,
                                        const std::atomic<bool>& stop);

    log::Hop& hop_;
    std::vector<std::unique_ptr<RecordMapper>> mappers_;
    RunnerOptions options_;
    Deduplicator deduplicator_;
    std::optional<log::Batch> held_;  // polled, and the deduplicator cannot judge it yet
    RunnerCounts counts_;
    std::atomic<bool> given_up_ = false;  // records that wait for a schema stop waiting
    WorkerPool pool_;
};

}  // namespace snowline::enricher
