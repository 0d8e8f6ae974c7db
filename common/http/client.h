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

/// HTTP and HTTPS as a client. Every limit is here, and holds for all users: nobody waits for ever,
/// no answer fills the memory, and no redirect leads to where the operator did not point.
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
    std::string message;  // in words; no random parts, so that equal failures can be grouped
};

/// Keeps connections open between requests. Any thread; requests of several threads run at the same
/// time, each on its own connection. Certificates are verified. The proxy variables of the
/// environment count, but not for the loopback. A redirect to another host is followed without the
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
