#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snowline::enricher {

/// A set of numbers that mostly come one after the other, as intervals: small where they do,
/// exact where they do not.
class IntervalSet {
public:
    struct Interval {
        std::uint64_t first, last;  // both in the set
        bool operator==(const Interval&) const = default;
    };

    /// False: it was there. Numbers below 2^63.
    bool add(std::uint64_t number);
    bool contains(std::uint64_t number) const;

    /// The next interval's, behind all others and not touching them. False where it is not.
    bool append(Interval interval);

    /// Drops the lowest intervals until there are at most so many; gives how many went.
    std::size_t keep_highest(std::size_t intervals_max);

    /// Ascending, with a gap between each two.
    const std::vector<Interval>& intervals() const { return intervals_; }

    bool operator==(const IntervalSet&) const = default;

private:
    /// The first interval that ends at `number` or behind it.
    std::size_t find(std::uint64_t number) const;

    std::vector<Interval> intervals_;
};

}  // namespace snowline::enricher
