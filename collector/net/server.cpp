#include "collector/server.h"

#include "collector/ip_address.h"
#include "collector/net/processor_wait.h"
#include "collector/net/proxy_header.h"
#include "collector/net/refusals.h"
#include "collector/net/session.h"
#include "collector/net/tls.h"
#include "common/ops/logging.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace snowline::collector {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

namespace {

using net::Connection;
using net::Shared;
using net::Worker;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kWatchdogPeriod = std::chrono::milliseconds(200);
constexpr auto kAcceptPause = std::chrono::milliseconds(50);
constexpr int kAcceptedAtOnce = 16;
constexpr std::uint64_t kServedIfIdle = 8;  // fewer than that in a turn
constexpr std::uint64_t kServedPerRefusal = 10;
constexpr double kProcessorWaitMax = 0.65;
constexpr auto kTlsReloadPeriod = std::chrono::seconds(2);
constexpr auto kEvictAfter = std::chrono::seconds(1);
constexpr std::size_t kEvictedAtOnce = 16;
constexpr auto kFullAfter = std::chrono::seconds(2);  // those who are idle have gone by then
constexpr auto kStopPoll = std::chrono::milliseconds(5);
constexpr int kBacklog = 4096;

tcp::acceptor listen(asio::io_context& loop, const tcp::endpoint& endpoint, bool shared) {
    tcp::acceptor acceptor(loop);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    if (shared) acceptor.set_option(ReusePort(true));
    acceptor.bind(endpoint);
    acceptor.listen(kBacklog);
    acceptor.non_blocking(true);
    return acceptor;
}

/// As many descriptors as the process may have: shells begin with 1,024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::string text_of(const asio::ip::address& address) {
    std::string text = address.to_string();
    text.resize(std::min(text.find('%'), text.size()));  // a zone is no part of the address
    const auto parsed = IpAddress::parse(text);
    return parsed ? parsed->to_text() : text;
}

}  // namespace

struct Server::Running {
    Running(Settings settings, Sinks sinks, RequestObserver* observer)
        : shared(std::move(settings), sinks, observer) {
        raise_descriptor_limit();
        const auto& all = shared.settings();
        if (all.ssl.enable) tls.emplace(all.snowline.tls.certificate, all.snowline.tls.private_key);
        const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
        for (unsigned i = 0; i < cores; ++i) loops.push_back(std::make_unique<Loop>());
        port = bind(all.port, &Loop::plain);
        if (tls) tls_port = bind(all.ssl.port, &Loop::secure);
    }

    struct Loop : Worker {
        std::optional<tcp::acceptor> plain, secure;
        std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
        std::optional<asio::steady_timer> watchdog;
        Connection::Clock::time_point full_until{}, next_room{};
        net::Refusals refusals;
        bool lacks_processor = false;
        std::thread thread;
    };

    /// The address that a connection is counted by, where one is.
    using Counted = std::optional<std::string>;

    /// Every loop listens on the same port; the kernel deals the connections out.
    std::uint16_t bind(std::uint16_t wanted, std::optional<tcp::acceptor> Loop::*acceptor) {
        const std::string& interface = shared.settings().interface;
        try {
            tcp::endpoint endpoint(asio::ip::make_address(interface), wanted);
            if (wanted != 0) {
                // Shared ports would hide that another collector is there already.
                listen(loops.front()->loop, endpoint, false).close();
            }
            for (auto& loop : loops) {
                ((*loop).*acceptor).emplace(listen(loop->loop, endpoint, true));
                endpoint.port(((*loop).*acceptor)->local_endpoint().port());
            }
            return endpoint.port();
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error("cannot listen on " + interface + " port " +
                                     std::to_string(wanted) + ": " + error.code().message());
        }
    }

    void start() {
        for (auto& loop : loops) {
            loop->work.emplace(loop->loop.get_executor());
            loop->watchdog.emplace(loop->loop);
            spawn(*loop, watch(*loop));
            spawn(*loop, accept(*loop, *loop->plain));
            if (loop->secure) spawn(*loop, accept(*loop, *loop->secure));
            loop->thread = std::thread([&io = loop->loop] { io.run(); });
        }
    }

    static void spawn(Loop& loop, awaitable<void> task) {
        asio::co_spawn(loop.loop, std::move(task), [](const std::exception_ptr& failure) {
            if (!failure) return;
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                ops::log(ops::Level::kError, "a connection's task failed",
                         {{"error", error.what()}});
            }
        });
    }

    /// Somebody who has connected, and may have no place.
    struct Newcomer {
        net::PlainSocket socket;  // none where `errno` says why
        tcp::endpoint peer;
    };

    static Newcomer next_of(tcp::acceptor& acceptor) {
        tcp::endpoint peer;
        socklen_t size = static_cast<socklen_t>(peer.capacity());
        Newcomer newcomer{net::PlainSocket(::accept4(acceptor.native_handle(), peer.data(), &size,
                                                     SOCK_NONBLOCK | SOCK_CLOEXEC)),
                          {}};
        if (newcomer.socket.get() < 0) return newcomer;
        peer.resize(size);
        newcomer.peer = peer;
        return newcomer;
    }

    /// Waited in the kernel's queue until its end: to serve it is work for nobody.
    static bool has_left(const net::PlainSocket& socket) {
        tcp_info info{};
        socklen_t size = sizeof info;
        const int failed = ::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size);
        return failed == 0 && info.tcpi_state == TCP_CLOSE_WAIT;
    }

    /// How many may be turned away in this turn of the loop, after so many requests. That costs
    /// nearly as much as to serve a request: a loop that has enough to do serves those who have a
    /// place. One that lacks a processor makes a pause as well.
    static std::uint64_t refusals_due(std::uint64_t served) {
        if (served < kServedIfIdle) return kAcceptedAtOnce;
        return std::max<std::uint64_t>(1, served / kServedPerRefusal);
    }

    awaitable<void> accept(Loop& loop, tcp::acceptor& acceptor) {
        asio::steady_timer pause(loop.loop);
        std::uint64_t served = loop.served;
        while (!shared.stopping) {
            const auto [error] = co_await acceptor.async_wait(tcp::acceptor::wait_read, kAwait);
            if (error == asio::error::operation_aborted) co_return;
            auto refusals = refusals_due(loop.served - std::exchange(served, loop.served));
            bool is_out = false;
            for (int i = 0; i < kAcceptedAtOnce && refusals > 0 && !shared.stopping; ++i) {
                Newcomer newcomer = next_of(acceptor);
                if (newcomer.socket.get() < 0) {
                    is_out = errno != EAGAIN && errno != EINTR && errno != ECONNABORTED;
                    break;
                }
                const bool has_room = co_await admit(loop, acceptor, std::move(newcomer), pause);
                if (!has_room) --refusals;
            }
            if (is_out) {  // of descriptors, most likely: wait for some to come back
                shared.turned_away("accept_error");
                make_room(loop);
                loop.refusals.close_all();
            }
            if (!is_out && (refusals > 0 || !loop.lacks_processor)) continue;
            pause.expires_after(kAcceptPause);
            co_await pause.async_wait(kAwait);
        }
    }

    /// Serves it from now on, or closes it. False: there is no place left for it. Whoever comes
    /// behind waits in the kernel's queue.
    awaitable<bool> admit(Loop& loop, tcp::acceptor& acceptor, Newcomer newcomer,
                          asio::steady_timer& pause) {
        const bool is_full = Connection::Clock::now() < loop.full_until;
        if (is_full && has_left(newcomer.socket)) {
            shared.turned_away("left");
            co_return true;  // closes it
        }
        const bool secure = loop.secure && &acceptor == &*loop.secure;
        Counted counted = counted_address(newcomer.peer);
        if (counted && !shared.addresses.add(*counted, *most_per_address())) {
            shared.turned_away("address_limit");
            co_return true;  // closes it
        }
        const bool has_place = co_await find_place(loop, pause);
        if (!has_place) {
            shared.turned_away("full");
            if (counted) shared.addresses.remove(*counted);
            if (!secure) {
                if (shared.observer != nullptr) shared.observer->refused(503, "connections");
                loop.refusals.refuse(std::move(newcomer.socket), Connection::Clock::now());
            }
            co_return false;
        }
        net::Socket socket(loop.loop);
        boost::system::error_code error;
        socket.assign(newcomer.peer.protocol(), newcomer.socket.get(), error);
        if (error) {
            shared.turned_away("accept_error");
            --shared.connections;
            if (counted) shared.addresses.remove(*counted);
            co_return true;
        }
        newcomer.socket.release();
        const Arrival arrival{text_of(newcomer.peer.address()), secure};
        spawn(loop, secure ? serve_tls(loop, std::move(socket), arrival, std::move(counted))
                           : serve(loop, std::move(socket), arrival, std::move(counted)));
        co_return true;
    }

    /// Counts one connection more, where there is a place left for it.
    bool take_place() {
        auto taken = shared.connections.load();
        do {
            if (taken >= shared.settings().networking.max_connections) return false;
        } while (!shared.connections.compare_exchange_weak(taken, taken + 1));
        return true;
    }

    /// A place, as soon as there is one. False: there is none for so long that whoever waits had
    /// better be told. Those who come then are told so without a wait, as long as they come.
    awaitable<bool> find_place(Loop& loop, asio::steady_timer& pause) {
        if (take_place()) co_return true;
        const auto came = Connection::Clock::now();
        auto now = came;
        while (now >= loop.full_until && now - came < kFullAfter && !shared.stopping) {
            make_room_everywhere();
            pause.expires_after(kAcceptPause);
            co_await pause.async_wait(kAwait);
            if (take_place()) co_return true;
            now = Connection::Clock::now();
        }
        loop.full_until = now + kFullAfter;
        if (now >= loop.next_room) {
            make_room_everywhere();
            loop.next_room = now + kAcceptPause;
        }
        co_return false;
    }

    void make_room_everywhere() {
        for (auto& loop : loops) {
            asio::post(loop->loop, [this, one = loop.get()] { make_room(*one); });
        }
    }

    /// Closes the connections of this loop that have been idle longest. Whoever opens many and says
    /// nothing keeps nobody else out.
    void make_room(Loop& loop) {
        const auto before = Connection::Clock::now() - kEvictAfter;
        std::vector<Connection*> idle;
        for (Connection* connection : loop.connections) {
            const bool waits = connection->idle && !connection->timed_out;
            if (waits && connection->idle_since < before) idle.push_back(connection);
        }
        const auto count = std::min(idle.size(), kEvictedAtOnce);
        const auto end = idle.begin() + static_cast<std::ptrdiff_t>(count);
        std::partial_sort(idle.begin(), end, idle.end(), [](const auto* a, const auto* b) {
            return a->idle_since < b->idle_since;
        });
        idle.erase(end, idle.end());
        for (Connection* connection : idle) {
            shared.turned_away("made_room");
            connection->timed_out = true;
            boost::system::error_code ignored;
            connection->socket.cancel(ignored);
        }
    }

    std::optional<std::int64_t> most_per_address() const {
        return shared.bounds().max_connections_per_address;
    }

    /// What a connection is counted by: an IPv4 address, the first half of an IPv6 one. None where
    /// nobody counts, or it is a proxy's.
    Counted counted_address(const tcp::endpoint& peer) const {
        if (!most_per_address()) return std::nullopt;
        const auto address = IpAddress::parse(text_of(peer.address()));
        if (!address || shared.service.proxies().contain(*address)) return std::nullopt;
        return address->subscriber().to_text();
    }

    /// The watchdog looks at it.
    struct Watched {
        Watched(Loop& own, Connection& one) : loop(own), connection(one) {
            loop.connections.insert(&connection);
        }
        ~Watched() { loop.connections.erase(&connection); }
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;
        Loop& loop;
        Connection& connection;
    };

    /// Keeps the books of one connection that has a place.
    struct Listed {
        Listed(Shared& all, Loop& own, Connection& one, Counted counted)
            : shared(all), watched(own, one), address(std::move(counted)) {}
        ~Listed() {
            --shared.connections;
            if (address) shared.addresses.remove(*address);
        }
        Listed(const Listed&) = delete;
        Listed& operator=(const Listed&) = delete;
        Shared& shared;
        Watched watched;
        Counted address;
    };

    /// Where proxies begin connections with a PROXY header: reads it, and the arrival is the
    /// client's. False: there is none, or its sender is no proxy of ours.
    awaitable<bool> read_introduction(net::Socket& socket, Connection& connection,
                                      Arrival& arrival) const {
        if (!shared.settings().snowline.access.proxy_protocol) co_return true;
        const auto peer = IpAddress::parse(arrival.peer_address);
        if (!peer || !shared.service.proxies().contain(*peer)) {
            shared.turned_away("no_proxy");
            co_return false;
        }
        connection.deadline = Connection::Clock::now() + shared.bounds().handshake_timeout;
        const auto header = co_await net::read_proxy_header(socket);
        if (!header) {
            shared.turned_away("proxy_header");
            co_return false;
        }
        if (header->client) arrival.peer_address = header->client->to_text();
        co_return true;
    }

    awaitable<void> serve(Loop& loop, net::Socket socket, Arrival arrival, Counted counted) {
        Connection connection{socket};
        const Listed listed(shared, loop, connection, std::move(counted));
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const bool introduced = co_await read_introduction(socket, connection, arrival);
        if (!introduced) co_return;
        co_await net::serve(socket, connection, loop, shared, std::move(arrival));
    }

    awaitable<void> serve_tls(Loop& loop, net::Socket socket, Arrival arrival, Counted counted) {
        const auto context = tls->current();
        net::TlsStream stream(std::move(socket), *context);
        Connection connection{stream.next_layer()};
        const Listed listed(shared, loop, connection, std::move(counted));
        boost::system::error_code ignored;
        stream.next_layer().set_option(tcp::no_delay(true), ignored);
        const bool introduced = co_await read_introduction(connection.socket, connection, arrival);
        if (!introduced) co_return;
        connection.deadline = Connection::Clock::now() + shared.bounds().handshake_timeout;
        const auto [error] = co_await stream.async_handshake(net::TlsStream::server, kAwait);
        if (error) {
            shared.turned_away(connection.timed_out ? "handshake_timeout" : "handshake");
            co_return;
        }
        co_await net::serve(stream, connection, loop, shared, std::move(arrival));
    }

    /// Cancels what has waited too long; while stopping, also what waits for another request.
    awaitable<void> watch(Loop& loop) {
        net::ProcessorWait processor;
        auto next_reload = Connection::Clock::now() + kTlsReloadPeriod;
        while (true) {
            loop.watchdog->expires_after(kWatchdogPeriod);
            co_await loop.watchdog->async_wait(kAwait);
            loop.call_next();  // other loops give room, too
            const auto now = Connection::Clock::now();
            loop.refusals.sweep(now);
            loop.lacks_processor = processor.take() > kProcessorWaitMax;
            for (Connection* connection : loop.connections) {
                const bool unneeded = shared.stopping && connection->idle;
                if (!unneeded && now < connection->deadline && !ended) continue;
                connection->timed_out = true;
                boost::system::error_code ignored;
                connection->socket.cancel(ignored);
                if (ended) connection->socket.close(ignored);
            }
            if (tls && &loop == loops.front().get() && now >= next_reload) {
                tls->reload_if_changed();
                next_reload = now + kTlsReloadPeriod;
            }
            if (ended && loop.connections.empty()) {
                loop.refusals.close_all();
                co_return;
            }
        }
    }

    bool is_started() const { return loops.front()->thread.joinable(); }

    bool wait_until_empty(std::chrono::milliseconds at_most) const {
        const auto until = Connection::Clock::now() + at_most;
        while (shared.connections > 0 && Connection::Clock::now() < until) {
            std::this_thread::sleep_for(kStopPoll);
        }
        return shared.connections == 0;
    }

    void stop(std::chrono::milliseconds at_most) {
        if (!is_started()) return;
        shared.stopping = true;
        for (auto& loop : loops) {
            asio::post(loop->loop, [own = loop.get()] {
                boost::system::error_code ignored;
                own->plain->close(ignored);
                if (own->secure) own->secure->close(ignored);
                own->watchdog->cancel();  // look at the idle ones now
            });
        }
        if (!wait_until_empty(at_most)) {
            ops::log(ops::Level::kWarn, "closing connections whose requests did not end in time");
        }
        ended = true;
        for (auto& loop : loops) {
            asio::post(loop->loop, [own = loop.get()] { own->watchdog->cancel(); });
            loop->work.reset();
        }
        for (auto& loop : loops) loop->thread.join();
        shared.delivery.stop();
    }

    Shared shared;
    std::optional<net::TlsKeys> tls;
    std::vector<std::unique_ptr<Loop>> loops;
    std::uint16_t port = 0;
    std::optional<std::uint16_t> tls_port;
    std::atomic<bool> ended{false};
};

Server::Server(Settings settings, Sinks sinks, RequestObserver* observer)
    : running_(std::make_unique<Running>(std::move(settings), sinks, observer)) {}

Server::~Server() {
    running_->stop(std::chrono::milliseconds(0));
}

std::uint16_t Server::port() const {
    return running_->port;
}
std::optional<std::uint16_t> Server::tls_port() const {
    return running_->tls_port;
}
void Server::start() {
    running_->start();
}
void Server::set_healthy(bool healthy) {
    running_->shared.healthy = healthy;
}
Readiness Server::readiness() const {
    return running_->shared.delivery.readiness();
}
DeliveryCounts Server::delivery_counts() const {
    return running_->shared.delivery.counts();
}
std::int64_t Server::connections() const {
    return running_->shared.connections;
}
void Server::stop(std::chrono::milliseconds at_most) {
    running_->stop(at_most);
}

}  // namespace snowline::collector
