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

/// The spool's entries that the log does not take now, by topic, partition and reason, so that what
/// lies behind them goes on. A value: it is told the time and what happened; the numbers in it are
/// those of entries that the drainer holds.
///
/// Some reasons are the record's own (too large): others for the same place go on. All others are
/// the place's: what comes for it is parked, too. Of either a few are tried once in a while.
class Parking {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Numbers = log::spool::NumberSet;
    using Place = log::TopicPartition;

    static constexpr std::chrono::milliseconds kPauseMin{1000};
    static constexpr std::chrono::milliseconds kPauseMax{60'000};

    void park(const Place& place, log::Reason reason, std::int64_t number, Time now);
    /// Why what comes for the place has to be parked; nullopt: it may go.
    std::optional<log::Reason> closed(const Place& place) const;
    /// Since when a record of the place was parked for this reason, without one that went.
    std::optional<Time> since(const Place& place, log::Reason reason) const;

    struct Trial {
        Place place;
        log::Reason reason;
        std::vector<std::int64_t> numbers;
    };
    /// What is to be tried now: some of each reason and place whose pause is over. Not those that
    /// wait for a log that is away (kUnavailable).
    std::vector<Trial> due(Time now);
    /// The log has taken an entry: gives those that need not wait any longer.
    Numbers succeeded(const Place& place, std::int64_t number, Time now);
    /// Everything of the place, whatever the reason; it is of no more use there.
    Numbers take_all(const Place& place, log::Reason reason);

    /// One that waits for a log that is away, of a place that `may_go`, places in turn.
    using MayGo = std::function<bool(const Place& place)>;
    std::optional<std::int64_t> probe(const std::string& topic, const MayGo& may_go);
    /// The log is there: those of the topic that wait for it, of places that `may_go`, once they
    /// have waited for `kPauseMin`.
    Numbers resume(const std::string& topic, const MayGo& may_go, Time now);
    std::size_t waiting(const std::string& topic) const;

    /// How many are parked, by topic and reason.
    std::map<std::pair<std::string, log::Reason>, std::size_t> counts() const;

private:
    struct Lane {
        Numbers numbers{};
        Time since{}, next_trial{};
        std::chrono::milliseconds pause = kPauseMin;
        std::size_t width = 1;  // how many are tried at once
    };
    using Key = std::pair<Place, log::Reason>;

    void join_others(const Place& place, log::Reason reason, Lane& lane);

    std::map<Key, Lane> lanes_;           // without empty ones, but for those that are being tried
    std::map<std::int64_t, Key> trials_;  // out of a lane, and not reported
    Place probed_last_{};
};

}  // namespace snowline::collector
