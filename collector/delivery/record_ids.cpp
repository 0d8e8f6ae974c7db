#include "collector/delivery/record_ids.h"

#include <fmt/format.h>

namespace snowline::collector {

std::string RecordIds::next(std::int32_t partition) {
    std::uint64_t sequence = 0;
    {
        const std::lock_guard lock(mutex_);
        sequence = sequences_[partition]++;
    }
    return fmt::format("{}:{}:{}", instance_, partition, sequence);
}

}  // namespace snowline::collector
