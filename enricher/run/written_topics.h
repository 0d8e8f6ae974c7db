#pragma once

#include "common/log/log.h"
#include "enricher/metrics/metrics.h"
#include "enricher/outputs/outputs.h"
#include "enricher/run/output_watch.h"

#include <chrono>
#include <string>
#include <vector>

namespace snowline::enricher {

/// The topics that a runner writes, as the log says of them: asks it what they take and whether
/// they can be written, gives that to the outputs, and tells logs and metrics. What follows is
/// decided by OutputWatch. One thread.
class WrittenTopics {
public:
    /// `more` is a topic that is written, too, and of no output; empty: there is none.
    WrittenTopics(log::Transaction& transaction, Metrics& metrics, Outputs outputs,
                  const std::string& more, const OutputWatch::Times& times);

    /// Asks whether they can be written. Blocks, as Transaction::unwritable.
    void look();
    void look_if_due();
    /// Asks what records they take at most. Blocks, as Transaction::record_limits.
    void read_limits();

    /// Nothing is to be committed now.
    bool waits() const { return watch_.waits(); }

    /// Rows were committed, of these topics among them.
    void committed(const std::vector<std::string>& topics);
    /// A commit failed. True: because of a topic; its records are to be read again, and their rows
    /// are made for another limit, or when `waits` is false again.
    bool take_refusal(const log::Failure& failure);

private:
    using Clock = std::chrono::steady_clock;

    void show();
    void set_limit(const log::Failure& failure);

    log::Transaction& transaction_;
    Metrics& metrics_;
    Outputs outputs_;
    OutputWatch watch_;
    std::vector<TopicState> shown_;  // as it was told last
    bool is_limit_learned_ = false;  // of a failure, since the limits were read
};

}  // namespace snowline::enricher
