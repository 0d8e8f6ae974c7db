#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>

namespace snowline::log::spool {

/// A set of entry numbers, stored as intervals: those of an outage are consecutive, and there may
/// be millions.
class NumberSet {
public:
    /// False: it was in the set already.
    bool insert(std::int64_t number) {
        auto next = ends_.upper_bound(number);
        const auto before = next == ends_.begin() ? ends_.end() : std::prev(next);
        if (before != ends_.end() && before->second >= number) return false;
        ++size_;
        std::int64_t end = number;
        if (next != ends_.end() && next->first == number + 1) {
            end = next->second;
            ends_.erase(next);
        }
        if (before != ends_.end() && before->second + 1 == number) {
            before->second = end;
        } else {
            ends_.emplace(number, end);
        }
        return true;
    }

    /// False: it was not in the set.
    bool erase(std::int64_t number) {
        const auto next = ends_.upper_bound(number);
        if (next == ends_.begin()) return false;
        const auto holder = std::prev(next);
        const auto [begin, end] = *holder;
        if (end < number) return false;
        --size_;
        if (begin == number) {
            ends_.erase(holder);
        } else {
            holder->second = number - 1;
        }
        if (number < end) ends_.emplace(number + 1, end);
        return true;
    }

    /// Removes and returns the smallest number.
    std::optional<std::int64_t> take_first() {
        if (ends_.empty()) return std::nullopt;
        const std::int64_t first = ends_.begin()->first;
        erase(first);
        return first;
    }

    /// Adds all of `other`; the two sets have no number in common.
    void add(const NumberSet& other) {
        for (const auto& [begin, end] : other.ends_) {
            if (ends_.empty() || std::prev(ends_.end())->second + 1 < begin) {
                ends_.emplace(begin, end);
                size_ += static_cast<std::size_t>(end - begin) + 1;
            } else {
                for (std::int64_t number = begin; number <= end; ++number) insert(number);
            }
        }
    }

    bool contains(std::int64_t number) const {
        const auto next = ends_.upper_bound(number);
        return next != ends_.begin() && std::prev(next)->second >= number;
    }
    std::size_t size() const { return size_; }
    bool empty() const { return ends_.empty(); }

private:
    std::map<std::int64_t, std::int64_t> ends_;  // first number → last number of an interval
    std::size_t size_ = 0;
};

}  // namespace snowline::log::spool
