#include "collector/access/token_buckets.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace snowline::collector::access {

TokenBuckets::TokenBuckets(const AccessSettings::Rate& rate, std::int64_t entries_max)
    : per_second_(static_cast<double>(*rate.requests_per_second)),
      burst_(static_cast<double>(rate.burst.value_or(*rate.requests_per_second))),
      sets_(std::max<std::size_t>(static_cast<std::size_t>(entries_max) / kWays, 1)) {
    std::random_device random;
    for (int i = 0; i < 16; ++i) secret_ += static_cast<char>(random());
}

double TokenBuckets::tokens_at(const Bucket& bucket, Clock::time_point now) const {
    const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    return std::min(burst_, bucket.tokens + std::max(seconds, 0.0) * per_second_);
}

std::int64_t TokenBuckets::take(std::string_view key, Clock::time_point now) {
    std::uint64_t hash = std::hash<std::string>()(secret_ + std::string(key));
    if (hash == 0) hash = 1;
    const std::size_t index = hash % sets_.size();
    auto& set = sets_[index];
    const std::lock_guard lock(locks_[index % kLocks]);
    auto* place =
        std::find_if(set.begin(), set.end(), [&](const auto& b) { return b.key == hash; });
    if (place == set.end()) {
        place = std::max_element(set.begin(), set.end(), [&](const Bucket& a, const Bucket& b) {
            const auto room = [&](const Bucket& one) {
                return one.key == 0 ? burst_ + 1 : tokens_at(one, now);
            };
            return room(a) < room(b);
        });
        *place = {hash, burst_, now};
    }
    place->tokens = tokens_at(*place, now);
    place->filled = now;
    if (place->tokens >= 1) {
        place->tokens -= 1;
        return 0;
    }
    const double wait = (1 - place->tokens) / per_second_;
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(wait)));
}

}  // namespace snowline::collector::access
