#include "collector/net/connection_admission.h"

#include "collector/net/peer_state.h"
#include "common/model/ip_address.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

namespace snowline::collector::net {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using Clock = Connection::Clock;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kPause = std::chrono::milliseconds(50);
constexpr std::uint64_t kAdmittedAtOnce = 64, kAdmittedMost = 4096, kRefusedAtOnce = 16;
constexpr std::uint64_t kServedIfIdle = 8;  // fewer than that in a turn
constexpr std::uint64_t kServedPerRefusal = 10;
constexpr auto kEvictAfter = std::chrono::seconds(1);
constexpr std::size_t kEvictedAtOnce = 16;
constexpr auto kFullAfter = std::chrono::seconds(2);  // those who are idle have gone by then
constexpr auto kPatience = std::chrono::seconds(5);   // of trackers

/// How many may be turned away in a turn, after so many requests since the last. That costs half as
/// much as to serve a request: a loop that has enough to do serves the connections that it has.
std::uint64_t refusals_due(std::uint64_t served) {
    if (served < kServedIfIdle) return kRefusedAtOnce;
    return std::max<std::uint64_t>(1, std::min(served, kAdmittedMost) / kServedPerRefusal);
}

/// A loop that has much to do looks here seldom, and then admits as many as it has served.
std::uint64_t admissions_due(std::uint64_t served) {
    return std::clamp(served, kAdmittedAtOnce, kAdmittedMost);
}

std::string text_of(const asio::ip::address& address) {
    std::string text = address.to_string();
    text.resize(std::min(text.find('%'), text.size()));  // a zone is no part of the address
    const auto parsed = model::IpAddress::parse(text);
    return parsed ? parsed->to_text() : text;
}

}  // namespace

ConnectionAdmission::ConnectionAdmission(Worker& worker, Shared& shared, Room room, Calls calls)
    : worker_(worker),
      shared_(shared),
      slots_(room.slots),
      calls_(std::move(calls)),
      refusals_(room.leaving) {}

awaitable<void> ConnectionAdmission::open(Acceptor& acceptor, bool secure) {
    asio::steady_timer pause(worker_.loop);
    std::uint64_t served = worker_.served;
    while (!shared_.stopping) {
        const auto [error] = co_await acceptor.async_wait(Acceptor::wait_read, kAwait);
        if (error == asio::error::operation_aborted) co_return;
        const auto since = worker_.served - std::exchange(served, worker_.served);
        auto refusals = refusals_due(since);
        bool is_out = false;
        for (auto more = admissions_due(since); more > 0 && refusals > 0; --more) {
            if (shared_.stopping) co_return;
            Newcomer newcomer = next_of(acceptor);
            if (newcomer.socket.get() < 0) {
                is_out = errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
                break;
            }
            const bool has_room = co_await admit(std::move(newcomer), secure, pause);
            if (!has_room) --refusals;
        }
        if (!is_out) continue;
        // Of descriptors, most likely: wait for some to come back.
        shared_.turned_away("accept_error");
        make_room();
        refusals_.close_all();
        pause.expires_after(kPause);
        co_await pause.async_wait(kAwait);
    }
}

ConnectionAdmission::Newcomer ConnectionAdmission::next_of(Acceptor& acceptor) {
    tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int socket =
        ::accept4(acceptor.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) peer.resize(size);
    return {PlainSocket(socket), peer};
}

/// False: no slot is free. Further connections wait in the kernel's queue.
awaitable<bool> ConnectionAdmission::admit(Newcomer newcomer, bool secure,
                                           asio::steady_timer& pause) {
    const auto now = Clock::now();
    const PeerState state = state_of(newcomer.socket.get());
    if (state.has_left && (now < crowded_until_ || worker_.is_behind())) {
        shared_.turned_away("left");
        co_return true;  // closes it
    }
    Counted counted = counted_address(newcomer.peer);
    if (counted &&
        !shared_.addresses.add(*counted, *shared_.protection().max_connections_per_address)) {
        shared_.turned_away("address_limit");
        co_return true;  // closes it
    }
    const bool has_slot = co_await find_slot(now - state.silent, pause);
    if (!has_slot) {
        shared_.turned_away("full");
        if (counted) shared_.addresses.remove(*counted);
        if (!secure) {
            shared_.refused(wire::Refusal{wire::RefusalReason::kTooManyConnections});
            refusals_.refuse(std::move(newcomer.socket), Clock::now());
        }
        co_return false;
    }
    Socket socket(worker_.loop);
    boost::system::error_code error;
    socket.assign(newcomer.peer.protocol(), newcomer.socket.get(), error);
    if (error) {
        shared_.turned_away("accept_error");
        --shared_.connections;
        if (counted) shared_.addresses.remove(*counted);
        co_return true;
    }
    newcomer.socket.release();
    calls_.serve(std::move(socket), {text_of(newcomer.peer.address()), secure}, std::move(counted));
    co_return true;
}

/// Counts one connection more, where a slot is free.
bool ConnectionAdmission::take_slot() {
    if (shared_.stopping || worker_.is_behind()) return false;
    auto taken = shared_.connections.load();
    do {
        if (taken >= slots_) return false;
    } while (!shared_.connections.compare_exchange_weak(taken, taken + 1));
    return true;
}

/// A slot, as soon as one is free. False: none is free for so long that whoever waits had better
/// be told. Those who come then are told so without a wait, as long as they come.
awaitable<bool> ConnectionAdmission::find_slot(Time came, asio::steady_timer& pause) {
    if (take_slot()) co_return true;
    auto now = Clock::now();
    const auto until = std::max(came + kFullAfter, now + kPause);
    while (now >= full_until_ && now < until && !shared_.stopping) {
        crowded_until_ = now + kPatience;
        if (!worker_.is_behind()) calls_.want_room();
        pause.expires_after(kPause);
        co_await pause.async_wait(kAwait);
        if (take_slot()) co_return true;
        now = Clock::now();
    }
    crowded_until_ = now + kPatience;
    full_until_ = now + kFullAfter;
    if (now >= next_room_ && !worker_.is_behind()) {
        calls_.want_room();
        next_room_ = now + kPause;
    }
    co_return false;
}

void ConnectionAdmission::make_room() {
    const auto before = Clock::now() - kEvictAfter;
    std::vector<Connection*> idle;
    for (Connection* connection : worker_.connections) {
        const bool waits = connection->idle && !connection->timed_out;
        if (waits && connection->idle_since < before) idle.push_back(connection);
    }
    const auto count = std::min(idle.size(), kEvictedAtOnce);
    const auto end = idle.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(idle.begin(), end, idle.end(),
                      [](const auto* a, const auto* b) { return a->idle_since < b->idle_since; });
    idle.erase(end, idle.end());
    for (Connection* connection : idle) {
        boost::system::error_code ignored;
        // Its request is there, and only waits until the loop looks at it.
        if (connection->socket.available(ignored) > 0) continue;
        shared_.turned_away("made_room");
        connection->timed_out = true;
        connection->socket.cancel(ignored);
    }
}

/// An IPv4 address, the first half of an IPv6 one. None where nobody counts, or it is a proxy's.
Counted ConnectionAdmission::counted_address(const tcp::endpoint& peer) const {
    if (!shared_.protection().max_connections_per_address) return std::nullopt;
    const auto address = model::IpAddress::parse(text_of(peer.address()));
    if (!address || shared_.service.proxies().contain(*address)) return std::nullopt;
    return address->subscriber().to_text();
}

}  // namespace snowline::collector::net
