#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace snowline::collector::net {

/// How long whoever sends something waits until an event loop looks at it: the time it takes to
/// serve all who were there before. It grows with each connection that has work for a loop which
/// has too much. Measured up to ten times a second, by a descriptor that asks to be read and
/// gets its turn behind all others. Only on the loop's thread.
class LoopDelay {
public:
    using Clock = std::chrono::steady_clock;

    explicit LoopDelay(boost::asio::io_context& loop);

    /// Until `stop`.
    boost::asio::awaitable<void> measure();
    void stop();

    Clock::duration now() const;

private:
    boost::asio::posix::stream_descriptor marker_;
    boost::asio::steady_timer pause_;
    bool stopped_ = false;
    bool waits_ = false;
    Clock::time_point since_;
    Clock::duration last_{};
};

}  // namespace snowline::collector::net
