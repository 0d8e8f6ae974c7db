#pragma once

#include "common/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::ops {

/// Sends datagrams to a StatsD agent. Never blocks: what the network does not take is lost, as
/// StatsD intends. Thread-safe.
class StatsdSender {
public:
    /// The error names the host that could not be resolved.
    static Result<std::unique_ptr<StatsdSender>> open(const std::string& host, std::uint16_t port);
    ~StatsdSender();
    StatsdSender(const StatsdSender&) = delete;
    StatsdSender& operator=(const StatsdSender&) = delete;

    /// Lines of `name:value|type|#tags`, each ended by a newline.
    void send(std::string_view datagram);

private:
    explicit StatsdSender(int socket) : socket_(socket) {}
    int socket_;
};

}  // namespace snowline::ops
