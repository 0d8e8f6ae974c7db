#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snowline::enricher {

/// An exact set of numbers, stored as intervals: small where most numbers are consecutive.
class IntervalSet {
public:
    struct Interval {
        std::uint64_t first, last;  // both in the set
        bool operator==(const Interval&) const = default;
    };

    /// False: it was in the set already. Numbers are below 2^63.
    bool add(std::uint64_t number);
    bool contains(std::uint64_t number) const;

    /// Appends an interval that must lie behind all others without touching them; false where it
    /// does not.
    bool append(Interval interval);

    /// Drops the lowest intervals beyond `intervals_max`; returns how many.
    std::size_t keep_highest(std::size_t intervals_max);

    /// Ascending, with a gap between each two.
    const std::vector<Interval>& intervals() const { return intervals_; }

    bool operator==(const IntervalSet&) const = default;

private:
    /// The index of the first interval that ends at `number` or behind it.
    std::size_t find(std::uint64_t number) const;

    std::vector<Interval> intervals_;
};

}  // namespace snowline::enricher
