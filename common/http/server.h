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

/// Limits on what a client may use. `idle`: how long a connection may wait for its next request.
/// `exchange`: how long a request's head (from its first byte), its body and its answer may take,
/// each.
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

/// A small HTTP/1.1 server whose handler is a function; bodies are held in memory. The collector
/// does not use it: it has a faster head parser of its own. A request that a proxy could frame
/// differently (two lengths, a length beside chunks, codings other than chunked) is answered 400;
/// trailers are dropped.
class Server {
public:
    /// Called on the server's threads, concurrently. Names of headers are in lower case. An
    /// exception becomes a 500. The server sets Content-Length, Date and Connection itself.
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
