#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snowline::ops {

/// Counts values by bucket, as Prometheus' histograms do. A value, not thread-safe: each worker has
/// its own, and the metrics page merges them.
class Histogram {
public:
    /// Ascending upper bounds, of a constant that outlives the histogram; the last bucket is
    /// `+Inf`.
    explicit Histogram(std::span<const double> bounds)
        : bounds_(bounds), buckets_(bounds.size() + 1) {}

    void add(double value, std::uint64_t times = 1) {
        const auto bucket =
            std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
        buckets_[static_cast<std::size_t>(bucket)] += times;
        count_ += times;
        sum_ += value * static_cast<double>(times);
    }

    /// Both must have the same bounds.
    void merge(const Histogram& other) {
        for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
        count_ += other.count_;
        sum_ += other.sum_;
    }

    void clear() {
        std::fill(buckets_.begin(), buckets_.end(), 0);
        count_ = 0;
        sum_ = 0;
    }

    std::span<const double> bounds() const { return bounds_; }
    std::span<const std::uint64_t> buckets() const { return buckets_; }  // not cumulated
    std::uint64_t count() const { return count_; }
    double sum() const { return sum_; }

private:
    std::span<const double> bounds_;
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

}  // namespace snowline::ops
