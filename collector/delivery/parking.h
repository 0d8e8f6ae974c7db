#pragma once

#include "common/log/log.h"
#include "common/log/spool/number_set.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snowline::collector {

/// The spool's entries that the log does not take now, by topic, partition and reason, so that the
/// entries behind them can be sent. A value without a clock; its numbers are those of entries that
/// the drainer holds.
///
/// Some reasons concern the record only (too large, time): other entries for the same partition can
/// be sent. All other reasons concern the partition: new entries for it are parked, too. Of each
/// topic, partition and reason some entries are retried from time to time.
class Parking {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Numbers = log::spool::NumberSet;
    using Place = log::TopicPartition;

    static constexpr std::chrono::milliseconds kPauseMin{1000};
    static constexpr std::chrono::milliseconds kPauseMax{60'000};

    void park(const Place& place, log::Reason reason, std::int64_t number, Time now);
    /// The reason why entries for the partition must be parked; nullopt: they can be sent.
    std::optional<log::Reason> closed(const Place& place) const;
    /// When the first of the entries parked here for this reason was parked; reset by a success.
    std::optional<Time> since(const Place& place, log::Reason reason) const;

    struct Trial {
        Place place;
        log::Reason reason;
        std::vector<std::int64_t> numbers;
    };
    /// The entries to retry now: some of each partition and reason whose pause is over. Not
    /// kUnavailable: those wait for the log itself.
    std::vector<Trial> due(Time now);
    /// The log has taken an entry: returns the entries that can be sent because of it.
    Numbers succeeded(const Place& place, std::int64_t number, Time now);
    /// Removes and returns all entries of the partition with this reason.
    Numbers take_all(const Place& place, log::Reason reason);

    /// Removes and returns one entry that waits for the log (kUnavailable) and for whose partition
    /// `may_go` is true; partitions take turns.
    using MayGo = std::function<bool(const Place& place)>;
    std::optional<std::int64_t> probe(const std::string& topic, const MayGo& may_go);
    /// The log is available: removes and returns the topic's entries that wait for it, of
    /// partitions for which `may_go` is true, once they have waited for `kPauseMin`.
    Numbers resume(const std::string& topic, const MayGo& may_go, Time now);
    std::size_t waiting(const std::string& topic) const;

    /// How many are parked, by topic and reason.
    std::map<std::pair<std::string, log::Reason>, std::size_t> counts() const;

private:
    struct Lane {
        Numbers numbers{};
        Time since{}, next_trial{};
        std::chrono::milliseconds pause = kPauseMin;
        std::size_t width = 1;  // how many are retried at once
    };
    using Key = std::pair<Place, log::Reason>;

    void join_others(const Place& place, log::Reason reason, Lane& lane);

    std::map<Key, Lane> lanes_;           // no empty ones, except while their entries are retried
    std::map<std::int64_t, Key> trials_;  // being retried, not reported yet
    Place probed_last_{};
};

}  // namespace snowline::collector
