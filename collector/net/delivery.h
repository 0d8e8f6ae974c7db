#pragma once

#include "collector/net/shared.h"

#include <boost/asio/awaitable.hpp>

namespace snowline::collector::net {

/// Sends a reply's records and waits until the log has reported every one of them durable, or
/// `snowline.delivery.ackTimeout` is over (in mode `fast` nobody waits). False: at least one is
/// not known to be durable, and the tracker has to be told to try again.
boost::asio::awaitable<bool> deliver(Shared& shared, Records records, std::string partition_key);

}  // namespace snowline::collector::net
