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

/// A connection as its worker sees it. What it waits for has a deadline; the worker's watchdog
/// looks at all of them a few times a second, so that no request needs a timer of its own.
struct Connection {
    using Clock = std::chrono::steady_clock;

    boost::asio::ip::tcp::socket& socket;
    Clock::time_point deadline = Clock::time_point::max();
    bool idle = true;  // between requests: may be closed at any time
    Clock::time_point idle_since = Clock::now();
    bool timed_out = false;  // the watchdog has cancelled what it waited for
};

/// One event loop, run by one thread.
struct Worker {
    boost::asio::io_context loop{1};
    LoopDelay delay{loop};
    text::UuidSource ids;
    std::unordered_set<Connection*> connections;  // only on the loop's thread
    std::uint64_t served = 0;                     // requests, and connections that ended
    std::list<boost::asio::steady_timer*> queue;  // of those that wait for memory; likewise

    /// Whoever sends something now waits so long that not much may be added: trackers give up after
    /// five seconds, and the log has to answer, too.
    bool is_behind() const { return delay.now() > std::chrono::milliseconds(1500); }

    /// The first of the queue looks again whether there is room.
    void call_next() {
        if (!queue.empty()) queue.front()->cancel();
    }
};

}  // namespace snowline::collector::net
