#pragma once

#include "common/log/log.h"
#include "enricher/metrics/metrics.h"
#include "enricher/outputs/outputs.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::enricher {

/// Which topics cannot be written, and what follows from it for their outputs: nothing is committed
/// (`kWait`), or their rows are parked (`kPark`). A topic with a partition that has no leader is
/// waited for in either case, since that passes by itself. A value that is told what happens and
/// the time; it sets the states of the outputs. One thread.
class OutputWatch {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Times {
        std::chrono::milliseconds look{5'000}, look_in_trouble{1'000};
        /// From a commit that was refused to the next that tries. It costs a transaction and the
        /// enriching of its batch; where rows are parked it also holds up the others.
        std::chrono::milliseconds try_waiting{5'000}, try_parked{30'000};
    };

    /// `more` is a topic that is written, too, and of no output; empty: there is none.
    OutputWatch(Outputs outputs, const std::string& more, const Times& times);
    explicit OutputWatch(Outputs outputs, const std::string& more = "")
        : OutputWatch(std::move(outputs), more, Times{}) {}

    /// Those that are written, each once.
    const std::vector<std::string>& topics() const { return topics_; }

    /// Somebody looked at all topics: these cannot be written.
    void looked(const std::vector<log::Failure>& unwritable, Time now);
    /// The log did not answer: nothing new is known, and rows wait for the log.
    void looked_in_vain(Time now) {
        looked_ = now;
        is_in_vain_ = true;
    }
    /// A commit failed: because of a topic, or, where the failure names none, because of a right.
    void refused(log::Failure failure, Time now);
    /// Rows were committed, these among them.
    void committed(const std::vector<std::string>& topics);

    /// Nothing is to be committed now.
    bool waits() const;
    /// It is time to look again.
    bool is_due(Time now) const;

    /// Of each topic; one without a name is the log's as a whole.
    std::vector<TopicState> states() const;

private:
    struct Trouble {
        log::Failure failure;
        bool is_told = false;  // by a commit: a look at the topics does not see it
        Time again{};          // then a commit is to try it
        bool is_tried = false;
    };
    bool may_park(const std::string& topic, const Trouble& trouble) const;
    void set_parked();

    const Outputs outputs_;
    const Times times_;
    std::vector<std::string> topics_;
    std::map<std::string, Trouble> troubles_;  // by topic
    std::optional<Time> looked_;
    bool is_in_vain_ = false;  // the last look
};

}  // namespace snowline::enricher
