#include "common/log/kafka/sticky_partitioner.h"

#include <algorithm>

namespace snowline::log::kafka {
namespace {

constexpr std::chrono::milliseconds kTurn{10};  // the producer's linger
constexpr std::size_t kTurnBytes = 900'000;     // with what is around the records, a whole batch

}  // namespace

std::int32_t StickyPartitioner::take(std::int32_t partitions, std::size_t bytes, Time now) {
    const auto count = static_cast<std::uint64_t>(partitions);
    const auto place = [&](std::uint64_t turn) { return static_cast<std::int32_t>(turn % count); };
    const std::lock_guard lock(mutex_);
    if (now >= ends_ || bytes > bytes_left_) {
        const std::uint64_t next = current_ + 1;
        current_ = next;
        for (std::uint64_t turn = next; turn < next + count; ++turn) {
            if (open(place(turn)) > 0) continue;
            current_ = turn;
            break;
        }
        ends_ = now + kTurn;
        bytes_left_ = kTurnBytes;
    }
    bytes_left_ -= std::min(bytes, bytes_left_);
    return place(current_);
}

void StickyPartitioner::sent(std::int32_t partition) {
    const std::lock_guard lock(mutex_);
    ++open(partition);
}

void StickyPartitioner::reported(std::int32_t partition) {
    const std::lock_guard lock(mutex_);
    --open(partition);
}

std::int64_t& StickyPartitioner::open(std::int32_t partition) {
    const auto at = static_cast<std::size_t>(partition);
    if (at >= open_.size()) open_.resize(at + 1);
    return open_[at];
}

}  // namespace snowline::log::kafka
