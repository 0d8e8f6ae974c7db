#pragma once

#include "common/log/log.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace snowline::log::kafka {

/// Partitions of an assignment that are not there, as the brokers said when it came: gone, or so
/// new that the broker that was asked had not heard of them. The latter have to be read as soon as
/// they are seen. A value without a clock; one thread.
class MissingPartitions {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Counts = std::map<std::string, int>;  // partitions of each topic

    static constexpr std::chrono::seconds kLookEvery{5};

    /// A new assignment came.
    void begin(Time now);
    /// Whether this one of it is missing. A topic that `counts` does not name is not judged.
    bool is_missing(const TopicPartition& assigned, const Counts& counts);

    /// Whether it is time to ask for the counts again.
    bool is_due(Time now) const;
    /// True: one of those that were missing is there.
    bool have_come(const Counts& counts, Time now);
    /// The brokers did not answer.
    void asked_in_vain(Time now) { asked_ = now; }

private:
    std::vector<TopicPartition> missing_;
    Time asked_{};
};

}  // namespace snowline::log::kafka
