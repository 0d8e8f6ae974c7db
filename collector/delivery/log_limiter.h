#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace snowline::collector {

/// Limits how often a fact that may recur with every request is logged. Thread-safe.
class LogLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kPeriod{10};

    /// How often the fact occurred since it was last logged, this time included; nullopt: not to be
    /// logged now.
    std::optional<std::uint64_t> tell(const std::string& fact, Time now) {
        const std::lock_guard lock(mutex_);
        auto& known = facts_[fact];
        ++known.times;
        if (known.times_told != 0 && now - known.told_at < kPeriod) return std::nullopt;
        known.told_at = now;
        ++known.times_told;
        return std::exchange(known.times, 0);
    }

private:
    struct Known {
        std::uint64_t times = 0, times_told = 0;
        Time told_at{};
    };
    std::mutex mutex_;
    std::map<std::string, Known> facts_;  // by fact; few, as facts are constants
};

}  // namespace snowline::collector
