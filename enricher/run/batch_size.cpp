#include "enricher/run/batch_size.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr double kGrow = 2, kShrinkMost = 0.5;

std::size_t scaled(std::size_t value, double by, std::size_t least, std::size_t most) {
    return std::clamp(static_cast<std::size_t>(static_cast<double>(value) * by), least, most);
}

bool is_full(const log::PollLimits& limits, std::size_t records, std::size_t bytes) {
    return records >= limits.records_max || bytes >= limits.bytes_max;
}

}  // namespace

log::PollLimits next_limits(const log::PollLimits& last, const BatchOutcome& outcome,
                            const BatchBounds& bounds) {
    const std::chrono::nanoseconds took = outcome.mapping + outcome.committing;
    const std::chrono::nanoseconds target = bounds.target;
    const bool full = is_full(last, outcome.records, outcome.bytes);
    double by = 1;
    if (took > target) {
        by = std::max(static_cast<double>(target.count()) / static_cast<double>(took.count()),
                      kShrinkMost);
    } else if (full && took * 2 < target) {
        by = kGrow;
    }
    log::PollLimits next = last;
    next.records_max = scaled(last.records_max, by, bounds.records_min, bounds.records_max);
    next.bytes_max = scaled(last.bytes_max, by, bounds.bytes_min, bounds.bytes_max);
    return next;
}

std::chrono::milliseconds pause_after(const log::PollLimits& limits, const PolledBatch& polled,
                                      const BatchBounds& bounds) {
    const bool trickles = polled.records > 0 && !is_full(limits, polled.records, polled.bytes);
    return trickles ? bounds.gather : std::chrono::milliseconds(0);
}

}  // namespace snowline::enricher
