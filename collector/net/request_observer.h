#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace snowline::collector {

/// One answered request. The texts are constants.
struct Exchange {
    std::string_view endpoint;  // a kind of path, never the path itself
    std::string_view method;
    int status = 0;
    std::uint64_t response_body_bytes = 0;
    std::chrono::microseconds duration{};  // from the end of the request's head to the answer
};

/// Notified of the server's requests, on all of its threads, concurrently.
class RequestObserver {
public:
    virtual ~RequestObserver() = default;
    virtual void began(std::string_view method, std::uint64_t body_bytes) = 0;
    virtual void answered(const Exchange& exchange) = 0;
    /// A request that was refused: malformed, too long, too slow or not allowed. The reason is a
    /// constant.
    virtual void refused(int status, std::string_view reason) = 0;
    /// A request to which a privacy rule applied. The texts are constants.
    virtual void applied(std::string_view rule, std::string_view action) = 0;
    /// A connection that was closed, or could not be accepted, before it sent a request.
    virtual void turned_away(std::string_view reason) = 0;
};

}  // namespace snowline::collector
