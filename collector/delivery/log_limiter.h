#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace snowline::collector {

/// Keeps a fact that may come with every request from filling the log. Thread-safe.
class LogLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kPeriod{10};

    /// How often the fact came since it was told last, this time included; nullopt: not yet again.
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
    std::map<std::string, Known> facts_;  // few: constants
};

}  // namespace snowline::collector
