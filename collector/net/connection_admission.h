#pragma once

#include "collector/net/refusals.h"
#include "collector/net/session.h"
#include "collector/net/worker.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace snowline::collector::net {

/// The address that a connection is counted by, where one is.
using Counted = std::optional<std::string>;

/// Accepts new connections. Belongs to one event loop and is called on its thread only. Each served
/// connection takes one slot of those that all loops share. Where none is free, one new connection
/// waits for a bounded time, the others stay in the kernel's queue; then it is answered 503. One
/// that was closed by its client meanwhile is dropped. A loop that is behind (Worker::is_behind)
/// admits none.
class ConnectionAdmission {
public:
    using Time = Connection::Clock::time_point;
    using Acceptor = boost::asio::ip::tcp::acceptor;
    struct Calls {
        /// Serves it from now on. It has a connection slot: whoever ends it counts one connection
        /// less, and one less of the address.
        std::function<void(Socket, Arrival, Counted)> serve;
        /// All loops are to `make_room`.
        std::function<void()> want_room;
    };

    struct Room {
        std::int64_t slots = 0;     // how many connections all loops together may have
        std::size_t leaving = 256;  // how many of this loop's may be on their way out beside them
    };
    ConnectionAdmission(Worker& worker, Shared& shared, Room room, Calls calls);

    /// Until the acceptor is closed, or all are stopping.
    boost::asio::awaitable<void> open(Acceptor& acceptor, bool secure);

    /// Closes those connections of this loop that have been idle longest. Whoever opens many and
    /// says nothing keeps nobody else out.
    void make_room();

    /// To be called a few times a second.
    void sweep(Time now) { refusals_.sweep(now); }
    void close() { refusals_.close_all(); }

private:
    /// Somebody who has connected, and may get no slot.
    struct Newcomer {
        PlainSocket socket;  // none where `errno` says why
        boost::asio::ip::tcp::endpoint peer;
    };
    static Newcomer next_of(Acceptor& acceptor);

    boost::asio::awaitable<bool> admit(Newcomer newcomer, bool secure,
                                       boost::asio::steady_timer& pause);
    boost::asio::awaitable<bool> find_slot(Time came, boost::asio::steady_timer& pause);
    bool take_slot();
    Counted counted_address(const boost::asio::ip::tcp::endpoint& peer) const;

    Worker& worker_;
    Shared& shared_;
    std::int64_t slots_;
    Calls calls_;
    Refusals refusals_;
    Time crowded_until_{}, full_until_{}, next_room_{};
};

}  // namespace snowline::collector::net
