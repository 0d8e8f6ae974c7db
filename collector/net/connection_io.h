#pragma once

#include "collector/net/session.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

/// Inside `net/` only.
namespace snowline::collector::net {

/// Nothing more can be read: the peer is gone, or the watchdog cancelled the read.
struct Ended {};

inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

/// Reads and writes one connection, on its event loop's thread only. `write` and `linger` set the
/// connection's deadline; for reads the caller does.
template <class Stream>
class ConnectionIo {
public:
    static constexpr std::size_t kReadBytes = 16 * 1024;

    ConnectionIo(Stream& stream, Connection& connection, std::chrono::milliseconds write_timeout)
        : stream_(stream), connection_(connection), write_timeout_(write_timeout) {
        if constexpr (std::is_same_v<Stream, Socket>) {
            boost::system::error_code ignored;
            stream_.non_blocking(true, ignored);
        }
    }

    Stream& stream() { return stream_; }

    /// Appends up to `most` bytes to `to`; false at the end of the connection.
    boost::asio::awaitable<bool> read_some(std::string& to, std::size_t most) {
        const std::size_t size = to.size();
        to.resize(size + most);
        const auto space = boost::asio::buffer(to.data() + size, most);
        const auto [error, count] = co_await stream_.async_read_some(space, kAwait);
        to.resize(size + count);
        co_return !error;
    }

    /// Writes as much as the socket's buffer takes, without waiting; nearly always all of an
    /// answer. Returns the bytes written; `write` continues from there. Not for TLS (returns 0).
    std::size_t write_at_once(const std::string& bytes) {
        if constexpr (std::is_same_v<Stream, Socket>) {
            boost::system::error_code error;  // errors are found again by `write`
            return stream_.write_some(boost::asio::buffer(bytes), error);
        }
        return 0;
    }

    boost::asio::awaitable<bool> write(const std::string& bytes, std::size_t from = 0) {
        connection_.timed_out = false;
        connection_.deadline = Connection::Clock::now() + write_timeout_;
        const auto rest = boost::asio::buffer(bytes) + from;
        const auto [error, count] = co_await boost::asio::async_write(stream_, rest, kAwait);
        co_return !error;
    }

    /// Closes so that the peer can read the answer: shuts down sending and reads for a while.
    /// Closing with unread bytes would reset the connection, and the answer could be lost.
    boost::asio::awaitable<void> linger() {
        connection_.timed_out = false;
        connection_.deadline = Connection::Clock::now() + kLingerTimeout;
        boost::system::error_code ignored;
        connection_.socket.shutdown(Socket::shutdown_send, ignored);
        std::uint64_t skipped = 0;
        std::string bytes(kReadBytes, '\0');
        while (skipped < kLingerBytesMax) {
            const auto space = boost::asio::buffer(bytes);
            const auto [error, count] = co_await connection_.socket.async_read_some(space, kAwait);
            if (error) break;
            skipped += count;
        }
    }

    std::string buffer;  // received and not yet parsed

private:
    static constexpr std::uint64_t kLingerBytesMax = 4 << 20;
    static constexpr auto kLingerTimeout = std::chrono::seconds(2);

    Stream& stream_;
    Connection& connection_;
    std::chrono::milliseconds write_timeout_;
};

}  // namespace snowline::collector::net
