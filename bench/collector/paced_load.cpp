// Requests at a steady rate, whatever the answers do, and the time from when each was due to its
// answer.
//
//   bench_paced_load PORT RATE SECONDS CONNECTIONS < REQUEST      (the bytes of one request)
#include "bench/collector/percentiles.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
    int socket = -1;
    Clock::time_point due{};
    std::string answer{};
};

bool is_whole(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    const auto length = answer.find("Content-Length: ");
    const std::size_t body =
        length < end ? std::strtoul(answer.data() + length + 16, nullptr, 10) : 0;
    return answer.size() >= end + 4 + body;
}

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        std::perror("connect");
        std::exit(1);
    }
    return socket;
}

class Load {
public:
    Load(std::uint16_t port, int connections, std::string request)
        : request_(std::move(request)), poll_(::epoll_create1(0)) {
        for (int i = 0; i < connections; ++i) {
            const int socket = connect_to(port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.fd = socket;
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event);
            connections_[socket].socket = socket;
            free_.push_back(socket);
        }
    }

    void run(double rate, double seconds) {
        const auto began = Clock::now();
        const auto count = static_cast<std::uint64_t>(rate * seconds);
        std::uint64_t due = 0;
        while (due < count || in_flight_ > 0 || !late_.empty()) {
            const auto now = Clock::now();
            for (; due < count; ++due) {
                const auto at =
                    began + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double>(static_cast<double>(due) / rate));
                if (at > now) break;
                late_.push_back(at);
            }
            while (!late_.empty() && !free_.empty()) send();
            receive();
            if (Clock::now() - began > std::chrono::duration<double>(seconds + 20)) break;
        }
        const double took = std::chrono::duration<double>(Clock::now() - began).count();
        std::cout << snowline::bench::percentiles_json(ms_, took) << "\n";
        if (failed_ > 0 || ms_.size() < count) {
            std::cerr << count - ms_.size() << " without an answer, " << failed_ << " not 200\n";
            std::exit(1);
        }
    }

private:
    void send() {
        // The one that has rested longest, so that all are used.
        Connection& connection = connections_.at(free_.front());
        free_.pop_front();
        connection.due = late_.front();
        late_.pop_front();
        connection.answer.clear();
        if (::write(connection.socket, request_.data(), request_.size()) !=
            static_cast<ssize_t>(request_.size())) {
            std::perror("write");
            std::exit(1);
        }
        ++in_flight_;
    }

    void receive() {
        epoll_event events[64];
        const int ready = ::epoll_wait(poll_, events, 64, free_.empty() || late_.empty() ? 1 : 0);
        for (int i = 0; i < ready; ++i) {
            char buffer[16 * 1024];
            Connection& connection = connections_.at(events[i].data.fd);
            const auto got = ::read(connection.socket, buffer, sizeof buffer);
            if (got <= 0) {
                std::cerr << "a connection was closed\n";
                std::exit(1);
            }
            connection.answer.append(buffer, static_cast<std::size_t>(got));
            if (!is_whole(connection.answer)) continue;
            failed_ += connection.answer.compare(9, 3, "200") == 0 ? 0 : 1;
            ms_.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - connection.due).count());
            free_.push_back(connection.socket);
            --in_flight_;
        }
    }

    std::string request_;
    int poll_;
    std::unordered_map<int, Connection> connections_;
    std::deque<int> free_;
    std::deque<Clock::time_point> late_;  // due, and not sent yet
    std::uint64_t in_flight_ = 0, failed_ = 0;
    std::vector<double> ms_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        return std::fprintf(stderr,
                            "usage: bench_paced_load PORT RATE SECONDS CONNECTIONS < REQUEST\n"),
               2;
    }
    std::string request(std::istreambuf_iterator<char>(std::cin), {});
    Load load(static_cast<std::uint16_t>(std::atoi(arguments[1])), std::atoi(arguments[4]),
              std::move(request));
    load.run(std::atof(arguments[2]), std::atof(arguments[3]));
}
