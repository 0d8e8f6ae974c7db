#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace snowline::collector::net {

/// The delay of an event loop: how long data that arrives waits until the loop has served
/// everything that was ready before it. It grows with the number of connections that have work for
/// an overloaded loop. Measured up to ten times a second, by the time that an always readable
/// descriptor waits for its turn. Used on the loop's thread only.
class LoopDelay {
public:
    using Clock = std::chrono::steady_clock;

    explicit LoopDelay(boost::asio::io_context& loop);

    /// Measures until `stop` is called.
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
