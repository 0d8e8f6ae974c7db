#pragma once

#include "collector/net/loop_delay.h"
#include "collector/net/shared.h"
#include "common/text/uuid.h"

#include <chrono>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace snowline::collector::net {

/// A worker's state of one connection. Every wait has a deadline; the worker's watchdog checks all
/// connections a few times a second, so that requests need no timers of their own.
struct Connection {
    using Clock = std::chrono::steady_clock;

    boost::asio::ip::tcp::socket& socket;
    Clock::time_point deadline = Clock::time_point::max();
    bool idle = true;  // between requests: may be closed at any time
    Clock::time_point idle_since = Clock::now();
    bool timed_out = false;  // the watchdog has cancelled the current wait
};

/// One event loop, run by one thread.
struct Worker {
    boost::asio::io_context loop{1};
    LoopDelay delay{loop};
    text::UuidSource ids;
    std::unordered_set<Connection*> connections;  // only on the loop's thread
    std::uint64_t served = 0;                     // requests and ended connections
    std::list<boost::asio::steady_timer*> queue;  // of requests that wait for memory; likewise

    /// The loop's delay is so long that little may be added: trackers give up after five seconds,
    /// which must cover the log's answer, too.
    bool is_behind() const { return delay.now() > std::chrono::milliseconds(1500); }

    /// Wakes the first waiter of the queue to check for memory again.
    void call_next() {
        if (!queue.empty()) queue.front()->cancel();
    }
};

}  // namespace snowline::collector::net
