#pragma once

#include "collector/net/shared.h"
#include "collector/net/worker.h"
#include "collector/request/request.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace snowline::collector::net {

using Socket = boost::asio::ip::tcp::socket;
using TlsStream = boost::asio::ssl::stream<Socket>;

/// Serves one connection until one side closes it. Requests are answered one after the other, in
/// their order, also where they come pipelined.
template <class Stream>
boost::asio::awaitable<void> serve(Stream& stream, Connection& connection, Worker& worker,
                                   Shared& shared, Arrival arrival);

extern template boost::asio::awaitable<void> serve<Socket>(Socket&, Connection&, Worker&, Shared&,
                                                           Arrival);
extern template boost::asio::awaitable<void> serve<TlsStream>(TlsStream&, Connection&, Worker&,
                                                              Shared&, Arrival);

}  // namespace snowline::collector::net
