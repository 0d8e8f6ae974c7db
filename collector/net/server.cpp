#include "collector/net/server.h"

#include "collector/net/connection_admission.h"
#include "collector/net/proxy_header.h"
#include "collector/net/session.h"
#include "collector/net/tls.h"
#include "common/model/ip_address.h"
#include "common/ops/logging.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
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
#include <sys/resource.h>
#include <sys/socket.h>

namespace snowline::collector {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

namespace {

using net::Connection;
using net::Counted;
using net::Shared;
using net::Worker;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr auto kWatchdogPeriod = std::chrono::milliseconds(200);
constexpr auto kTlsReloadPeriod = std::chrono::seconds(2);
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
std::int64_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return INT64_MAX;
    const auto before = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    return static_cast<std::int64_t>(std::min<rlim_t>(limit.rlim_cur, INT64_MAX));
}

std::int64_t descriptors_in_use() {
    std::error_code error;
    std::int64_t count = 0;
    for (std::filesystem::directory_iterator one("/proc/self/fd", error), end; !error && one != end;
         one.increment(error)) {
        ++count;
    }
    return count;
}

/// How many connections there may be. The log's descriptors are not theirs, nor are the loops' own,
/// and those of connections that are refused. Where there are few in all, those that are in use now
/// are counted: a connection that cannot be accepted gets no answer, not even 503.
net::ConnectionAdmission::Room room_for(std::int64_t wanted, std::int64_t descriptors,
                                        std::int64_t loops) {
    constexpr std::int64_t kOthers = 256, kOfLoop = 8 + net::Refusals::kLeavingMax;
    constexpr std::int64_t kOthersMore = 16;  // than now: the log's client connects again, and such
    const std::int64_t many = descriptors - kOthers - loops * kOfLoop;
    if (wanted <= many) return {.slots = wanted};
    const std::int64_t left =
        std::max<std::int64_t>(descriptors - descriptors_in_use() - kOthersMore, 4);
    const std::int64_t slots = std::min(wanted, std::max(many, left * 3 / 4));
    const std::int64_t leaving = std::clamp<std::int64_t>((left - slots) / loops, 1, 256);
    if (slots < wanted) {
        ops::log(
            ops::Level::kWarn,
            "maxConnections is more than there are descriptors for: raise `ulimit -Hn`",
            {{"descriptors", std::to_string(descriptors)}, {"connections", std::to_string(slots)}});
    }
    return {.slots = slots, .leaving = static_cast<std::size_t>(leaving)};
}

}  // namespace

struct Server::Running {
    Running(ServerSettings settings, Sinks sinks, RequestObserver* observer)
        : shared(std::move(settings), sinks, observer) {
        const ServerSettings& all = shared.settings;
        const RequestSettings::Ssl& ssl = all.service.ssl;
        if (ssl.enable) tls.emplace(all.tls.certificate, all.tls.private_key);
        const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
        const std::int64_t descriptors = raise_descriptor_limit();
        for (unsigned i = 0; i < cores; ++i) loops.push_back(std::make_unique<Loop>());
        port = bind(all.port, &Loop::plain);
        if (tls) tls_port = bind(ssl.port, &Loop::secure);
        const auto room = room_for(all.limits.max_connections, descriptors, cores);
        for (auto& loop : loops) loop->admission.emplace(*loop, shared, room, calls_of(*loop));
    }

    struct Loop : Worker {
        std::optional<tcp::acceptor> plain, secure;
        std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
        std::optional<asio::steady_timer> watchdog;
        std::optional<net::ConnectionAdmission> admission;
        std::thread thread;
    };

    net::ConnectionAdmission::Calls calls_of(Loop& loop) {
        return {.serve =
                    [this, &loop](net::Socket socket, Arrival arrival, Counted counted) {
                        const bool secure = arrival.secure;
                        spawn(loop, secure ? serve_tls(loop, std::move(socket), std::move(arrival),
                                                       std::move(counted))
                                           : serve(loop, std::move(socket), std::move(arrival),
                                                   std::move(counted)));
                    },
                .want_room =
                    [this] {
                        for (auto& one : loops) {
                            asio::post(one->loop,
                                       [own = one.get()] { own->admission->make_room(); });
                        }
                    }};
    }

    /// Every loop listens on the same port; the kernel deals the connections out.
    std::uint16_t bind(std::uint16_t wanted, std::optional<tcp::acceptor> Loop::*acceptor) {
        const std::string& interface = shared.settings.interface;
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
            spawn(*loop, loop->delay.measure());
            spawn(*loop, loop->admission->open(*loop->plain, false));
            if (loop->secure) spawn(*loop, loop->admission->open(*loop->secure, true));
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

    /// Counts one connection that has a slot, from here to its end.
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
        if (!shared.settings.service.access.proxy_protocol) co_return true;
        const auto peer = model::IpAddress::parse(arrival.peer_address);
        if (!peer || !shared.service.proxies().contain(*peer)) {
            shared.turned_away("no_proxy");
            co_return false;
        }
        connection.deadline = Connection::Clock::now() + shared.protection().handshake_timeout;
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
        connection.deadline = Connection::Clock::now() + shared.protection().handshake_timeout;
        const auto [error] = co_await stream.async_handshake(net::TlsStream::server, kAwait);
        if (error) {
            shared.turned_away(connection.timed_out ? "handshake_timeout" : "handshake");
            co_return;
        }
        co_await net::serve(stream, connection, loop, shared, std::move(arrival));
    }

    /// Cancels what has waited too long; while stopping, also what waits for another request.
    awaitable<void> watch(Loop& loop) {
        auto next_reload = Connection::Clock::now() + kTlsReloadPeriod;
        while (true) {
            loop.watchdog->expires_after(kWatchdogPeriod);
            co_await loop.watchdog->async_wait(kAwait);
            loop.call_next();  // other loops give room, too
            const auto now = Connection::Clock::now();
            loop.admission->sweep(now);
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
                loop.admission->close();
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
            asio::post(loop->loop, [own = loop.get()] {
                own->watchdog->cancel();
                own->delay.stop();
            });
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

Server::Server(ServerSettings settings, Sinks sinks, RequestObserver* observer)
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
std::vector<StreamState> Server::streams() const {
    return running_->shared.delivery.streams();
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
