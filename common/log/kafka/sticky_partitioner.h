#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace snowline::log::kafka {

/// Where records go whose random key says nothing about it. Each partition has its turn: what comes
/// in it is one batch, and one batch is all that a partition should have under way.
/// librdkafka 2.0.2 sends an idempotent producer's second batch for a partition only after the
/// first one was acknowledged, and polls without a wait until then. Thread-safe.
class StickyPartitioner {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `start`: any number, another one for each producer, so that they do not all write to the
    /// same partition at a time.
    explicit StickyPartitioner(std::uint64_t start) : current_(start) {}

    /// The partition for a record of `bytes`. The turn goes on, or the next begins: that of a
    /// partition which has nothing under way, where there is one. `partitions` is greater than 0.
    std::int32_t take(std::int32_t partitions, std::size_t bytes, Time now);

    /// A record was handed to the producer; one was reported, written or not.
    void sent(std::int32_t partition);
    void reported(std::int32_t partition);

private:
    std::int64_t& open(std::int32_t partition);

    std::mutex mutex_;
    std::vector<std::int64_t> open_;  // records under way, by partition
    std::uint64_t current_;           // modulo the partitions
    Time ends_{};
    std::size_t bytes_left_ = 0;
};

}  // namespace snowline::log::kafka
