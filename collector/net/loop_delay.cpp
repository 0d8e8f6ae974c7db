#include "collector/net/loop_delay.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/eventfd.h>

namespace snowline::collector::net {
namespace {

constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr auto kPeriod = std::chrono::milliseconds(100);

int always_readable() {
    const int descriptor = ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    return descriptor;
}

}  // namespace

LoopDelay::LoopDelay(boost::asio::io_context& loop)
    : marker_(loop, always_readable()), pause_(loop) {}

boost::asio::awaitable<void> LoopDelay::measure() {
    using boost::asio::posix::stream_descriptor;
    while (!stopped_) {
        pause_.expires_after(kPeriod);
        co_await pause_.async_wait(kAwait);
        if (stopped_) co_return;
        since_ = Clock::now();
        waits_ = true;
        co_await marker_.async_wait(stream_descriptor::wait_read, kAwait);
        waits_ = false;
        last_ = Clock::now() - since_;
    }
}

void LoopDelay::stop() {
    stopped_ = true;
    pause_.cancel();
    boost::system::error_code ignored;
    marker_.close(ignored);
}

LoopDelay::Clock::duration LoopDelay::now() const {
    return waits_ ? std::max(last_, Clock::now() - since_) : last_;
}

}  // namespace snowline::collector::net
