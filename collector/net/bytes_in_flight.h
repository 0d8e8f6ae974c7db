#pragma once

#include <atomic>
#include <cstdint>

namespace snowline::collector::net {

/// What one request holds of the memory that all requests share; given back at its end.
class BytesInFlight {
public:
    BytesInFlight(std::atomic<std::int64_t>& all, std::int64_t most) : all_(all), most_(most) {}
    ~BytesInFlight() { all_ -= held_; }
    BytesInFlight(const BytesInFlight&) = delete;
    BytesInFlight& operator=(const BytesInFlight&) = delete;

    /// There is room for more.
    bool is_open() const { return all_ < most_; }

    /// It holds `bytes` now. False: all together hold too much.
    bool hold(std::uint64_t bytes) {
        const auto now = static_cast<std::int64_t>(bytes);
        const std::int64_t all = all_ += now - held_;
        held_ = now;
        return all <= most_;
    }

private:
    std::atomic<std::int64_t>& all_;
    std::int64_t most_;
    std::int64_t held_ = 0;
};

}  // namespace snowline::collector::net
