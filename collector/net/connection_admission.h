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

/// Who comes in: one event loop's, and only on its thread. Whoever finds no place waits for one a
/// little, all behind it in the kernel's queue, and is told 503 then; whoever has left meanwhile is
/// forgotten. A loop that is behind (Worker::is_behind) has no place for newcomers.
class ConnectionAdmission {
public:
    using Time = Connection::Clock::time_point;
    using Acceptor = boost::asio::ip::tcp::acceptor;
    struct Calls {
        /// Serves it from now on. It has a place: whoever ends it counts one connection less, and
        /// one less of the address.
        std::function<void(Socket, Arrival, Counted)> serve;
        /// All loops are to `make_room`.
        std::function<void()> want_room;
    };

    /// `places`: of all loops together.
    ConnectionAdmission(Worker& worker, Shared& shared, std::int64_t places, Calls calls);

    /// Until the acceptor is closed, or all are stopping.
    boost::asio::awaitable<void> open(Acceptor& acceptor, bool secure);

    /// Closes those connections of this loop that have been idle longest. Whoever opens many and
    /// says nothing keeps nobody else out.
    void make_room();

    /// To be called a few times a second.
    void sweep(Time now) { refusals_.sweep(now); }
    void close() { refusals_.close_all(); }

private:
    /// Somebody who has connected, and may have no place.
    struct Newcomer {
        PlainSocket socket;  // none where `errno` says why
        boost::asio::ip::tcp::endpoint peer;
    };
    static Newcomer next_of(Acceptor& acceptor);

    boost::asio::awaitable<bool> admit(Newcomer newcomer, bool secure,
                                       boost::asio::steady_timer& pause);
    boost::asio::awaitable<bool> find_place(Time came, boost::asio::steady_timer& pause);
    bool take_place();
    Counted counted_address(const boost::asio::ip::tcp::endpoint& peer) const;

    Worker& worker_;
    Shared& shared_;
    std::int64_t places_;
    Calls calls_;
    Refusals refusals_;
    Time crowded_until_{}, full_until_{}, next_room_{};
};

}  // namespace snowline::collector::net
