#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace snowline::collector::net {

/// One request's share of the memory that all requests share; returned on destruction. It counts
/// the received bytes of its body; of bytes that are only announced at most `kAnnouncedMax`, so
/// that a client that announces much and sends nothing takes little from others.
class BytesInFlight {
public:
    BytesInFlight(std::atomic<std::int64_t>& all, std::int64_t most) : all_(all), most_(most) {}
    ~BytesInFlight() { all_ -= held_; }
    BytesInFlight(const BytesInFlight&) = delete;
    BytesInFlight& operator=(const BytesInFlight&) = delete;

    /// Reserves for a body of `bytes` that is to come. False: other requests use the memory now.
    bool announce(std::uint64_t bytes) {
        const auto counted = static_cast<std::int64_t>(std::min(bytes, kAnnouncedMax));
        if (all_ + counted > most_) return false;
        announced_ = counted;
        return hold(0);
    }

    /// Counts `bytes` in use now. False: all requests together exceed the limit.
    bool hold(std::uint64_t bytes) {
        const auto now = std::max(static_cast<std::int64_t>(bytes), announced_);
        const std::int64_t all = all_ += now - held_;
        held_ = now;
        return all <= most_;
    }

private:
    static constexpr std::uint64_t kAnnouncedMax = 16 * 1024;

    std::atomic<std::int64_t>& all_;
    std::int64_t most_;
    std::int64_t announced_ = 0;
    std::int64_t held_ = 0;
};

}  // namespace snowline::collector::net
