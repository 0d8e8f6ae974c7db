#pragma once

#include "common/log/log.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

namespace snowline::enricher {

/// The enricher's position in each partition that it owns, and the time since its last progress. A
/// value without a clock; not thread-safe.
class Progress {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Progress(Time started) : moved_(started) {}

    void polled(std::span<const log::Record> records);
    /// The positions up to which rows are committed.
    void committed(std::span<const log::Offsets::Next> next, Time now);
    /// A poll returned nothing. That counts as progress only if the last look-up is recent and
    /// found no lag: an enricher that cannot reach the log also polls nothing.
    void idle(Time now);
    /// Polled records that are not committed will be polled again, maybe by another member.
    void dropped();
    /// The lags of all owned partitions; others are forgotten.
    void looked_up(std::span<const log::PartitionLag> lags, Time now);

    /// The time since the last commit, or since there was nothing to do.
    Time::duration age(Time now) const { return now - moved_; }

    struct Report {
        log::TopicPartition of;
        std::int64_t committed, end;
        std::int64_t lag;                   // records
        std::chrono::milliseconds lag_age;  // age of the oldest uncommitted record
        std::chrono::milliseconds stalled;  // time since the position moved, while there is lag
    };
    /// `now_ms` is since the epoch, as records' timestamps are.
    std::vector<Report> partitions(Time now, std::int64_t now_ms) const;

private:
    struct Open {               // records polled and not committed
        std::int64_t next;      // offset behind them
        std::int64_t first_ms;  // timestamp of the first
    };
    struct Partition {
        std::int64_t committed = -1, end = -1;  // -1: not known yet
        Time moved;  // the last move of the position, or the last time without lag
        std::deque<Open> open;

        std::int64_t lag() const {
            return committed < 0 ? 0 : std::max<std::int64_t>(end - committed, 0);
        }
    };

    std::map<log::TopicPartition, Partition> partitions_;
    Time moved_, looked_up_{};
};

}  // namespace snowline::enricher
