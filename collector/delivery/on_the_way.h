#pragma once

#include "common/log/log.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace snowline::collector {

/// Entries of the spool that were sent to the log and not reported, by topic and partition. A
/// value.
class OnTheWay {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Place = log::TopicPartition;

    void sent(const Place& place, Time at) { times_[place].insert(at); }
    void reported(const Place& place, Time at) {
        const auto found = times_.find(place);
        found->second.erase(found->second.find(at));
        if (found->second.empty()) times_.erase(found);
    }

    bool has(const Place& place) const { return times_.contains(place); }
    bool has(const std::string& topic) const { return oldest(topic).has_value(); }
    /// A record for the partition has been in flight since before `then`: the partition
    /// acknowledges nothing.
    bool is_stuck(const Place& place, Time then) const {
        const auto found = times_.find(place);
        return found != times_.end() && *found->second.begin() < then;
    }
    /// When the oldest record in flight for the topic was sent.
    std::optional<Time> oldest(const std::string& topic) const {
        std::optional<Time> out;
        for (const auto& [place, times] : times_) {
            if (place.topic == topic) out = std::min(out.value_or(Time::max()), *times.begin());
        }
        return out;
    }
    /// How many are in flight, without those for stuck partitions, which would use up the limit.
    std::size_t moving(Time then) const {
        std::size_t out = 0;
        for (const auto& [place, times] : times_) {
            if (!is_stuck(place, then)) out += times.size();
        }
        return out;
    }

private:
    std::map<Place, std::multiset<Time>> times_;
};

}  // namespace snowline::collector
