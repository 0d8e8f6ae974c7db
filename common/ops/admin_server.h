#pragma once

#include "common/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::ops {

struct AdminResponse {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
};

/// The private port of a service: small answers, one thread. For operators and probes, on the
/// loopback interface unless configured otherwise. It answers `/loglevel` itself
/// (log_level_page.h), with GET, PUT and POST; other paths take GET only and go to the handler.
class AdminServer {
public:
    /// Called on the server's thread with the target's path, without the query.
    using Handler = std::function<AdminResponse(std::string_view path, std::string_view query)>;

    /// Port 0 picks a free one. The error says which address could not be bound, and why.
    static Result<std::unique_ptr<AdminServer>> start(const std::string& interface,
                                                      std::uint16_t port, Handler handler);
    ~AdminServer();  // closes all connections and joins the thread

    std::uint16_t port() const;

private:
    struct Running;
    explicit AdminServer(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace snowline::ops
