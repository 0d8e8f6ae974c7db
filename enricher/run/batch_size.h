#pragma once

#include "common/log/log.h"

#include <chrono>
#include <cstddef>

namespace snowline::enricher {

/// Between what a batch may grow and shrink, and how long one should take.
struct BatchBounds {
    std::size_t records_min = 50;
    std::size_t records_max = 10'000;
    std::size_t bytes_min = std::size_t{1} << 20;
    std::size_t bytes_max = std::size_t{16} << 20;
    /// Mapping and commit of one batch: what an event waits for those before it.
    std::chrono::milliseconds target{250};
    /// How long the records of a steady trickle gather between two polls.
    std::chrono::milliseconds gather{100};
};

struct BatchOutcome {
    std::size_t records = 0;
    std::size_t bytes = 0;
    std::chrono::nanoseconds mapping{};  // without waiting for answers, which no size makes shorter
    std::chrono::nanoseconds committing{};
};

/// How much to ask for next, after a batch that was asked for with `last`.
///
/// A batch takes what is there and does not wait for more, so an idle enricher has small ones
/// whatever the limit is. The limit counts when there is a backlog: a batch that was full and took
/// less than half of the target doubles it, since one transaction for more records costs less; one
/// that took longer than the target shrinks it in proportion (slow enrichments, a slow broker), so
/// that neither latency nor memory grows with the backlog.
log::PollLimits next_limits(const log::PollLimits& last, const BatchOutcome& outcome,
                            const BatchBounds& bounds);

struct PolledBatch {
    std::size_t records = 0;
    std::size_t bytes = 0;
};

/// How long to leave the log alone after a poll with `limits` that gave `polled`. After a full
/// batch there is a backlog, and no time to lose; after nothing, the next record is to be taken as
/// soon as it is there. In between, a transaction for every few records would cost more than they
/// do: they gather for a moment.
std::chrono::milliseconds pause_after(const log::PollLimits& limits, const PolledBatch& polled,
                                      const BatchBounds& bounds);

}  // namespace snowline::enricher
