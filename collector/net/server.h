#pragma once

#include "collector/delivery/delivery.h"
#include "collector/net/request_observer.h"
#include "collector/net/settings.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace snowline::collector {

/// The collector's HTTP server: for each core one thread with one event loop and one listening
/// socket.
///
///     Server server(settings, {good, bad});   // binds; throws std::runtime_error with the reason
///     server.start();
///     … server.stop(std::chrono::seconds(10));
class Server {
public:
    /// `observer`, where there is one, outlives the server.
    Server(ServerSettings settings, Sinks sinks, RequestObserver* observer = nullptr);
    ~Server();  // stops at once where `stop` was not called
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The bound ports; they differ from the settings' where those are 0.
    std::uint16_t port() const;
    std::optional<std::uint16_t> tls_port() const;

    void start();

    /// Sets what /health answers.
    void set_healthy(bool healthy);
    /// Where a new event would become durable now.
    Readiness readiness() const;
    /// Whether the log takes the records of each stream.
    std::vector<StreamState> streams() const;
    bool sinks_healthy() const { return readiness() != Readiness::kNowhere; }
    DeliveryCounts delivery_counts() const;
    std::int64_t connections() const;

    /// Stops accepting, lets requests that have begun finish (their answers say `Connection:
    /// close`), and blocks until all are done, for `at_most`.
    void stop(std::chrono::milliseconds at_most);

private:
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace snowline::collector
