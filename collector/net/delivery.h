#pragma once

#include "collector/net/shared.h"

#include <boost/asio/awaitable.hpp>

namespace snowline::collector::net {

/// Sends a reply's records and waits until all of them are durable, one has failed, or the time is
/// over (in mode `fast` it does not wait). False: at least one is not known to be durable, so the
/// tracker must be told to retry.
boost::asio::awaitable<bool> deliver(Shared& shared, Records records, Envelope envelope);

}  // namespace snowline::collector::net
