#pragma once

#include "collector/net/worker.h"

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace snowline::collector::net {

/// A socket that nobody waits for: an event loop need not know it.
class PlainSocket {
public:
    /// `descriptor`: open, and from now on this one's; -1 for none.
    explicit PlainSocket(int descriptor) : descriptor_(descriptor) {}
    ~PlainSocket();
    PlainSocket(PlainSocket&& other) noexcept : descriptor_(other.release()) {}
    PlainSocket& operator=(PlainSocket&&) = delete;

    int get() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

/// Answers connections that got no slot with 503 and closes them, with a few system calls each, so
/// that many of them leave time for those that are served. Belongs to one event loop and is called
/// on its thread only.
class Refusals {
public:
    using Time = Connection::Clock::time_point;
    static constexpr std::size_t kLeavingMax = 256;  // descriptors at most

    /// `leaving_max`: how many descriptors it may hold; at least 1.
    explicit Refusals(std::size_t leaving_max = kLeavingMax) : leaving_max_(leaving_max) {}

    /// Writes 503 with `Retry-After` and no more. What has come from it is read and forgotten.
    void refuse(PlainSocket socket, Time now);
    /// Closes those who have had a second to read it, or earlier where there are many: a socket
    /// that is closed with unread bytes in it would be reset, and the answer lost.
    void sweep(Time now);
    void close_all() { leaving_.clear(); }

private:
    struct Leaving {
        PlainSocket socket;
        Time until;
    };
    const std::string& answer();

    std::size_t leaving_max_;
    std::deque<Leaving> leaving_;
    std::string answer_;
    std::int64_t answer_second_ = 0;
};

}  // namespace snowline::collector::net
