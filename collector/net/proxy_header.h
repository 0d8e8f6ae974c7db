#pragma once

#include "collector/access/proxy_header.h"
#include "collector/net/session.h"

#include <boost/asio/awaitable.hpp>

namespace snowline::collector::net {

/// Reads the PROXY header that begins a connection, and no byte behind it. An error where there is
/// none, or the peer is gone.
boost::asio::awaitable<Result<access::ProxyHeader>> read_proxy_header(Socket& socket);

}  // namespace snowline::collector::net
