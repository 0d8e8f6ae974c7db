#include "common/ops/statsd.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace snowline::ops {

Result<std::unique_ptr<StatsdSender>> StatsdSender::open(const std::string& host,
                                                         std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0) {
        return unexpected("the StatsD host " + host + " is not found: " + gai_strerror(error));
    }
    int connected = -1;
    for (const addrinfo* one = found; one != nullptr && connected < 0; one = one->ai_next) {
        const int candidate = socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (candidate < 0) continue;
        if (connect(candidate, one->ai_addr, one->ai_addrlen) == 0) {
            connected = candidate;
        } else {
            close(candidate);
        }
    }
    freeaddrinfo(found);
    if (connected < 0) return unexpected("the StatsD host " + host + " cannot be sent to");
    return std::unique_ptr<StatsdSender>(new StatsdSender(connected));
}

StatsdSender::~StatsdSender() {
    close(socket_);
}

void StatsdSender::send(std::string_view datagram) {
    [[maybe_unused]] const ssize_t sent =
        ::send(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace snowline::ops
