#include "collector/net/loop_delay.h"

#include <chrono>
#include <deque>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <sys/eventfd.h>

namespace snowline::collector::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Descriptor = asio::posix::stream_descriptor;

constexpr int kClients = 20;
constexpr auto kEach = 5ms;

/// Somebody who always has something to say, and takes a while each time.
void serve(Descriptor& client, const bool& enough) {
    client.async_wait(Descriptor::wait_read, [&](const boost::system::error_code&) {
        if (enough) return;
        std::this_thread::sleep_for(kEach);
        serve(client, enough);
    });
}

TEST_CASE("a loop's delay is as long as all who were there before take") {
    asio::io_context loop;
    LoopDelay delay(loop);
    asio::co_spawn(loop, delay.measure(), asio::detached);
    CHECK(delay.now() == 0ms);

    bool enough = false;
    std::deque<Descriptor> clients;
    for (int i = 0; i < kClients; ++i) {
        serve(clients.emplace_back(loop, ::eventfd(1, EFD_NONBLOCK)), enough);
    }
    while (delay.now() < (kClients - 1) * kEach) loop.run_one();
    enough = true;
    while (delay.now() > kEach) loop.run_one();
    delay.stop();
    loop.run();
}

}  // namespace
}  // namespace snowline::collector::net
