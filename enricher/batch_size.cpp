#include "enricher/batch_size.h"

#include <algorithm>

namespace snowline::enricher {
namespace {

constexpr double kGrow = 2, kShrinkMost = 0.5;

std::size_t scaled(std::size_t value, double by, std::size_t least, std::size_t most) {
    return std::clamp(static_cast<std::size_t>(static_cast<double>(value) * by), least, most);
}

}  // namespace

log::PollLimits next_limits(const log::PollLimits& last, const BatchOutcome& outcome,
                            const BatchBounds& bounds) {
    const std::chrono::nanoseconds took = outcome.mapping + outcome.committing;
    const std::chrono::nanoseconds target = bounds.target;
    const bool full = outcome.records >= last.records_max || outcome.bytes >= last.bytes_max;
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

}  // namespace snowline::enricher
