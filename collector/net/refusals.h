#pragma once

#include "collector/net/worker.h"

#include <deque>
#include <string>

namespace snowline::collector::net {

/// Tells those for whom there is no place so, at the price of a few system calls each: where many
/// come, that must leave time for those who have one. One event loop's, and only on its thread.
class Refusals {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Time = Connection::Clock::time_point;

    /// Writes 503 with `Retry-After` and no more. What has come from it is read and forgotten.
    void refuse(Socket socket, Time now);
    /// Closes those who have had a second to read it, or earlier where there are many: a socket
    /// that is closed with unread bytes in it would be reset, and the answer lost.
    void sweep(Time now);
    void close_all() { leaving_.clear(); }

private:
    struct Leaving {
        Socket socket;
        Time until;
    };
    const std::string& answer();

    std::deque<Leaving> leaving_;
    std::string answer_;
    std::int64_t answer_second_ = 0;
};

}  // namespace snowline::collector::net
