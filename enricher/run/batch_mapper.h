#pragma once

#include "enricher/outputs/outputs.h"
#include "enricher/pipeline/record_mapper.h"
#include "enricher/run/open_batch.h"
#include "enricher/run/worker_pool.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace snowline::enricher {

struct MappingOptions {
    Outputs outputs;  // those of the mappers
    /// How long the workers stay with a batch for answers that are under way.
    std::chrono::milliseconds patience;
    /// Workers begin no more segments once their rows have so many bytes.
    std::size_t rows_bytes;
};

/// Maps the records of one batch at a time on all workers: every record runs until it is done or
/// asks for what is not known yet; then it goes on with the worker that began it. What is not done
/// at the end stays in the batch, and can be part of a later one.
///
/// One thread calls this, in turns: `start`, `wait_for` until it is true, `finish`.
class BatchMapper {
public:
    /// One mapper a worker.
    BatchMapper(std::vector<std::unique_ptr<RecordMapper>> mappers, MappingOptions options);

    /// Does not block. The batch must stay where it is until the workers are done.
    void start(OpenBatch& batch);
    /// Blocks; true when all workers are done, also before the first start.
    bool wait_for(std::chrono::milliseconds at_most) { return pool_.wait_for(at_most); }
    /// Notes the times in the batch.
    void finish(OpenBatch& batch) const;

    /// The last batch will be mapped again: nothing of it is left to begin.
    void drop() { is_full_ = false; }

    /// Nothing of what is mapped will be committed: workers leave it, for good.
    void give_up() { given_up_ = true; }
    /// For the end: workers leave records that take long; what is done can be committed.
    void leave();
    bool has_left() const { return leaves_; }

    /// Some segments of the last batch were not begun, because the others had enough rows.
    bool is_full() const { return is_full_; }

private:
    using Clock = std::chrono::steady_clock;
    class Worker;

    void work(std::size_t number, OpenBatch& batch);
    bool may_begin(const OpenBatch::Task& task);
    void wait_for_answers(std::vector<OpenBatch::Task> asking, Worker& worker);
    void map_item(const OpenBatch::Task& task, Worker& worker);

    std::vector<std::unique_ptr<RecordMapper>> mappers_;
    const MappingOptions options_;
    Clock::time_point began_{};
    std::vector<Clock::duration> working_;  // of each worker, in the batch that it has or had
    std::atomic<bool> given_up_ = false, leaves_ = false;
    // Of the batch with the workers:
    std::atomic<std::size_t> next_task_ = 0;   // the first that no worker has taken
    std::atomic<std::size_t> rows_bytes_ = 0;  // that were made of it
    std::atomic<std::size_t> begun_ = 0;       // the last segment that was begun
    std::atomic<bool> is_full_ = false;
    WorkerPool pool_;
};

}  // namespace snowline::enricher
