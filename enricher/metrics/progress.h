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

/// How far the enricher is in each partition that it owns, and whether it moves at all. A value
/// that is told what the runner does; times are given, so that a test needs no clock.
class Progress {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Progress(Time started) : moved_(started) {}

    void polled(std::span<const log::Record> records);
    /// Positions up to which rows are committed.
    void committed(std::span<const log::Offsets::Next> next, Time now);
    /// A poll gave nothing. That is progress where the last look-up is young and found no lag: who
    /// cannot reach the log has nothing to do, either, and is not well.
    void idle(Time now);
    /// What was polled and is not committed will be polled again, by whoever owns it then.
    void dropped();
    /// All partitions that are owned; others are forgotten.
    void looked_up(std::span<const log::PartitionLag> lags, Time now);

    /// Since something was committed, or there was nothing to do.
    Time::duration age(Time now) const { return now - moved_; }

    struct Report {
        log::TopicPartition of;
        std::int64_t committed, end;
        std::int64_t lag;                   // records
        std::chrono::milliseconds lag_age;  // of the oldest record that is not committed
        std::chrono::milliseconds stalled;  // since the position moved, while there is lag
    };
    /// `now_ms` is since the epoch, as records' timestamps are.
    std::vector<Report> partitions(Time now, std::int64_t now_ms) const;

private:
    struct Open {               // records that are polled and not committed
        std::int64_t next;      // offset behind them
        std::int64_t first_ms;  // timestamp of the first
    };
    struct Partition {
        std::int64_t committed = -1, end = -1;  // -1: not known yet
        Time moved;                             // or had no lag
        std::deque<Open> open;

        std::int64_t lag() const {
            return committed < 0 ? 0 : std::max<std::int64_t>(end - committed, 0);
        }
    };

    std::map<log::TopicPartition, Partition> partitions_;
    Time moved_, looked_up_{};
};

}  // namespace snowline::enricher
