#include "common/log/kafka/topic_limits.h"

#include <algorithm>

namespace snowline::log::kafka {
namespace {

// What is around the only record of a batch: the batch's 61 bytes, the record's lengths, and those
// of some headers.
constexpr std::size_t kAroundRecord = 200;
constexpr std::size_t kSmallerBy = 4;

std::size_t without_frame(std::size_t bytes) {
    return bytes > kAroundRecord ? bytes - kAroundRecord : 0;
}

}  // namespace

TopicLimits::TopicLimits(const Options& options)
    : options_(options), batch_bytes_(options.batch_bytes) {}

void TopicLimits::read(const std::map<std::string, std::size_t>& message_limits) {
    for (const auto& [topic, bytes] : message_limits) {
        Limit& limit = topics_[topic];
        if (limit.setting == bytes) continue;
        limit = {.setting = bytes};
        batch_bytes_ = options_.batch_bytes;
    }
}

std::size_t TopicLimits::record_bytes_max(const std::string& topic) const {
    std::size_t bytes = without_frame(options_.request_bytes_max);
    const auto found = topics_.find(topic);
    if (found == topics_.end()) return bytes;
    const auto& [setting, refused] = found->second;
    if (setting && !options_.is_compressed) bytes = std::min(bytes, without_frame(*setting));
    if (refused) bytes = std::min(bytes, *refused - 1);
    return bytes;
}

std::size_t TopicLimits::batch_bytes() const {
    std::size_t bytes = batch_bytes_;
    for (const auto& [topic, limit] : topics_) {
        if (limit.setting) bytes = std::min(bytes, *limit.setting);
    }
    return std::max<std::size_t>(bytes, 1);
}

void TopicLimits::batch_refused(std::size_t bytes) {
    batch_bytes_ = std::max<std::size_t>(std::min(batch_bytes(), bytes) / kSmallerBy, 1);
}

void TopicLimits::record_refused(const std::string& topic, std::size_t bytes) {
    Limit& limit = topics_[topic];
    const std::size_t refused = std::max<std::size_t>(bytes, 1);
    limit.refused = std::min(limit.refused.value_or(refused), refused);
}

void TopicLimits::committed() {
    if (!options_.is_compressed) return;
    for (auto& [topic, limit] : topics_) limit.refused.reset();
}

}  // namespace snowline::log::kafka
