#pragma once

#include "common/http/message.h"
#include "common/result.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// An HTTP and HTTPS client. Its limits apply to every request: time, size of the response, and the
/// addresses that a redirect may lead to.
namespace snowline::http {

struct Limits {
    std::chrono::milliseconds connect{1'000};
    std::chrono::milliseconds total{5'000};  // of one exchange, redirects included
    std::size_t body_bytes_max = std::size_t{4} << 20;
    int redirects_max = 3;
};

/// Why there is no response.
struct Failure {
    enum class Kind {
        kInvalidUrl,
        kResolve,
        kConnect,
        kTls,
        kTimeout,
        kTooLarge,
        kRefused,
        kBroken
    };
    Kind kind;
    std::string message;  // without variable parts, so that equal failures can be grouped
};

/// Keeps connections open between requests. Thread-safe; requests of several threads run
/// concurrently, each on its own connection. Certificates are verified. The environment's proxy
/// variables are used, except for loopback. A redirect to another host is followed without the
/// request's headers, and never to a private, loopback or link-local address.
class Client {
public:
    explicit Client(Limits limits = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// `at_most`: less than the limits' total, where it is given.
    Result<Response, Failure> send(const Request& request,
                                   std::optional<std::chrono::milliseconds> at_most = {});

    /// For the end of a program: what is being sent, and all that is sent later, fails (kBroken)
    /// within about a second.
    void cancel() { cancelled_ = true; }

private:
    class Handles;
    Limits limits_;
    std::unique_ptr<Handles> handles_;
    std::atomic<bool> cancelled_ = false;
};

}  // namespace snowline::http
