#pragma once

#include "collector/access/settings.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector::access {

/// A token bucket for each key: `burst` at once, then a number a second. The table is bounded: a
/// full set evicts the key with the fullest bucket, so that an evicted key gains at most a burst.
/// Thread-safe.
class TokenBuckets {
public:
    using Clock = std::chrono::steady_clock;

    TokenBuckets(const AccessSettings::Rate& rate, std::int64_t entries_max);

    /// Takes a token of the key and returns 0; else returns the seconds until there is one, at
    /// least 1.
    std::int64_t take(std::string_view key, Clock::time_point now);

private:
    struct Bucket {
        std::uint64_t key = 0;  // its hash; 0: free
        double tokens = 0;
        Clock::time_point filled;
    };
    static constexpr std::size_t kWays = 8;  // slots that a key may use
    static constexpr std::size_t kLocks = 64;

    double tokens_at(const Bucket& bucket, Clock::time_point now) const;

    double per_second_;
    double burst_;
    std::string secret_;  // salts the hash: clients could otherwise choose keys that share a set
    std::vector<std::array<Bucket, kWays>> sets_;
    std::array<std::mutex, kLocks> locks_;
};

}  // namespace snowline::collector::access
