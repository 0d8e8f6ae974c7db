#pragma once

#include "common/http/message.h"
#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace snowline::http {

/// What a server takes from anybody. A connection waits for its next request for `idle`; a head
/// that has begun, a body and an answer each have `exchange` to come or to go.
struct ServerLimits {
    std::uint32_t head_bytes_max = 16 * 1024;               // beyond: 400, and the connection ends
    std::uint64_t body_bytes_max = std::uint64_t{4} << 20;  // beyond: 413, and the connection ends
    int connections_max = 512;                              // more are closed at once
    std::chrono::milliseconds idle{60'000};
    std::chrono::milliseconds exchange{15'000};
};

struct ServerOptions {
    std::string interface = "127.0.0.1";  // an IP address
    std::uint16_t port = 0;               // 0 picks a free one
    int threads = 2;                      // each with its own connections
    ServerLimits limits = {};
};

/// HTTP/1.1 for a service whose handler is a function: small bodies, in memory. It is no collector:
/// that one has its own head reader and does more at more speed. What a proxy could understand in
/// another way (two lengths, a length beside chunks, codings but chunked) is 400; trailers are
/// dropped.
class Server {
public:
    /// Called on one of the server's threads, also at the same time. Names of headers are in lower
    /// case. What it throws is 500. Content-Length, Date and Connection are the server's business.
    using Handler = std::function<Response(const Request&)>;

    /// The error says which address could not be bound, and why.
    static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);
    ~Server();  // closes all connections, waits for handlers that run, joins the threads

    std::uint16_t port() const;

private:
    struct Running;
    explicit Server(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace snowline::http
