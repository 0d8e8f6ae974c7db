#pragma once

#include "collector/net/shared.h"

#include <boost/asio/awaitable.hpp>

namespace snowline::collector::net {

/// Sends a reply's records and waits until all of them are durable, or until it is certain or late
/// that they are not (in mode `fast` nobody waits). False: at least one is not known to be durable,
/// and the tracker has to be told to try again.
boost::asio::awaitable<bool> deliver(Shared& shared, Records records, Envelope envelope);

}  // namespace snowline::collector::net
