#include "enricher/dedupe/interval_set.h"

#include <algorithm>

namespace snowline::enricher {

std::size_t IntervalSet::find(std::uint64_t number) const {
    // Usually the number is in the last interval or behind it.
    if (intervals_.empty() || intervals_.back().last < number) return intervals_.size();
    const auto at =
        std::lower_bound(intervals_.begin(), intervals_.end(), number,
                         [](const Interval& one, std::uint64_t n) { return one.last < n; });
    return static_cast<std::size_t>(at - intervals_.begin());
}

bool IntervalSet::contains(std::uint64_t number) const {
    const std::size_t at = find(number);
    return at < intervals_.size() && intervals_[at].first <= number;
}

bool IntervalSet::add(std::uint64_t number) {
    const std::size_t at = find(number);
    const bool has_next = at < intervals_.size();
    if (has_next && intervals_[at].first <= number) return false;
    const bool joins_previous = at > 0 && intervals_[at - 1].last + 1 == number;
    const bool joins_next = has_next && intervals_[at].first == number + 1;
    if (joins_previous && joins_next) {
        intervals_[at - 1].last = intervals_[at].last;
        intervals_.erase(intervals_.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (joins_previous) {
        intervals_[at - 1].last = number;
    } else if (joins_next) {
        intervals_[at].first = number;
    } else {
        intervals_.insert(intervals_.begin() + static_cast<std::ptrdiff_t>(at), {number, number});
    }
    return true;
}

bool IntervalSet::append(Interval interval) {
    if (interval.last < interval.first) return false;
    if (!intervals_.empty()) {
        const std::uint64_t end = intervals_.back().last;
        if (interval.first <= end || interval.first - end < 2) return false;
    }
    intervals_.push_back(interval);
    return true;
}

std::size_t IntervalSet::keep_highest(std::size_t intervals_max) {
    if (intervals_.size() <= intervals_max) return 0;
    const std::size_t excess = intervals_.size() - intervals_max;
    intervals_.erase(intervals_.begin(), intervals_.begin() + static_cast<std::ptrdiff_t>(excess));
    return excess;
}

}  // namespace snowline::enricher
