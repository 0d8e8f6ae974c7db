// The least that a server can do: reads requests to their end and writes a ready-made answer. One
// thread, no timers, no limits, no parsing beyond the end of the head and Content-Length.
//
//   bench_epoll_floor PORT
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: 43\r\n"
    "Set-Cookie: sp=8f2c1a52-1111-4222-8333-444455556666; Expires=Thu, 25 Nov 2027 18:00:00 GMT; "
    "Path=/; Secure; "
    "HttpOnly; SameSite=None\r\nCache-Control: no-cache, no-store, must-revalidate\r\n"
    "P3P: policyref=\"/w3c/p3p.xml\", CP=\"NOI DSP COR NID PSA OUR IND COM NAV STA\"\r\n"
    "Access-Control-Allow-Origin: https://shop.example.com\r\nAccess-Control-Allow-Credentials: "
    "true\r\n\r\n"
    "GIF89a_____________________________________";

struct Connection {
    std::string rest;      // of a head that is not complete
    std::size_t skip = 0;  // bytes of a body that are still to come
};

/// Answers how many requests ended in these bytes.
int take(Connection& connection, std::string_view bytes) {
    int requests = 0;
    std::string joined;
    if (!connection.rest.empty()) {
        joined = std::move(connection.rest);
        joined += bytes;
        bytes = joined;
        connection.rest.clear();
    }
    while (!bytes.empty()) {
        if (connection.skip > 0) {
            const std::size_t some = std::min(connection.skip, bytes.size());
            connection.skip -= some;
            bytes.remove_prefix(some);
            if (connection.skip == 0) ++requests;
            continue;
        }
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            connection.rest = std::string(bytes);
            break;
        }
        const auto length = bytes.substr(0, end).find("Content-Length: ");
        if (length != std::string_view::npos) {
            connection.skip = std::strtoul(bytes.data() + length + 16, nullptr, 10);
        }
        if (connection.skip == 0) ++requests;
        bytes.remove_prefix(end + 4);
    }
    return requests;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return std::fprintf(stderr, "usage: bench_epoll_floor PORT\n"), 2;
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(arguments[1])));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return std::perror("bind"), 1;
    }
    ::listen(listener, 4096);
    const int poll = ::epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);

    std::unordered_map<int, Connection> connections;
    static char buffer[64 * 1024];
    epoll_event events[256];
    for (;;) {
        const int ready = ::epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < ready; ++i) {
            const int socket = events[i].data.fd;
            if (socket == listener) {
                const int peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
                if (peer < 0) continue;
                ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.data.fd = peer;
                ::epoll_ctl(poll, EPOLL_CTL_ADD, peer, &event);
                continue;
            }
            const auto got = ::read(socket, buffer, sizeof buffer);
            if (got <= 0) {
                ::close(socket);
                connections.erase(socket);
                continue;
            }
            const int requests = take(connections[socket], {buffer, static_cast<std::size_t>(got)});
            for (int r = 0; r < requests; ++r) {
                if (::write(socket, kAnswer.data(), kAnswer.size()) < 0) break;
            }
        }
    }
}
