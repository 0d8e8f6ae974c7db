// More requests than a server can take, at a rate that does not wait for its answers. Each goes out
// when it is due: on a connection that is free, else on a new one; what has no answer after as long
// as a tracker waits is given up.
//
//   bench_flood PORT RATE SECONDS CONNECTIONS < REQUEST      (the bytes of one request)
//
// Prints one JSON object: requests by status, and those that were given up, whose connection broke,
// or that found all CONNECTIONS busy.
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience{5};  // of the browser's tracker

struct Connection {
    std::size_t written = 0;  // of the request
    std::string answer{};
    std::uint64_t request = 0;  // number of the one it is busy with, 0: none
};

struct Waiting {
    Clock::time_point until;
    int socket;
    std::uint64_t request;
};

/// The status of an answer that is there to its end; 0 while it is not.
int status_of(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto length = answer.find("Content-Length: ");
    const std::size_t body =
        length < end ? std::strtoul(answer.data() + length + 16, nullptr, 10) : 0;
    return answer.size() >= end + 4 + body ? std::atoi(answer.data() + 9) : 0;
}

class Flood {
public:
    Flood(std::uint16_t port, std::size_t connections_max, std::string request)
        : request_(std::move(request)),
          connections_max_(connections_max),
          poll_(::epoll_create1(0)) {
        address_.sin_family = AF_INET;
        address_.sin_port = htons(port);
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }

    void run(double rate, double seconds) {
        const auto began = Clock::now();
        const auto count = static_cast<std::uint64_t>(rate * seconds);
        for (std::uint64_t sent = 0; sent < count || !waiting_.empty();) {
            const std::chrono::duration<double> passed = Clock::now() - began;
            const auto due = std::min(count, static_cast<std::uint64_t>(passed.count() * rate) + 1);
            for (; sent < due; ++sent) send();
            receive();
            give_up();
        }
    }

    void print() const {
        std::cout << "{\"sent\": " << number_ << ", \"found_all_busy\": " << found_all_busy_
                  << ", \"broken\": " << broken_ << ", \"given_up\": " << given_up_
                  << ", \"answers\": {";
        const char* comma = "";
        for (const auto& [status, answers] : answers_) {
            std::cout << comma << "\"" << status << "\": " << answers;
            comma = ", ";
        }
        std::cout << "}}\n";
    }

private:
    void send() {
        while (!free_.empty() && !is_free(free_.back())) free_.pop_back();
        int socket = -1;
        if (!free_.empty()) {
            socket = free_.back();
            free_.pop_back();
        } else if (connections_.size() < connections_max_) {
            socket = connect();
        } else {
            ++found_all_busy_;
            return;
        }
        Connection& connection = connections_[socket];
        connection = {.request = ++number_};
        waiting_.push_back({Clock::now() + kPatience, socket, connection.request});
        write(socket, connection);
    }

    bool is_free(int socket) const {
        const auto found = connections_.find(socket);
        return found != connections_.end() && found->second.request == 0;
    }

    int connect() {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (socket < 0 || (::connect(socket, reinterpret_cast<const sockaddr*>(&address_),
                                     sizeof address_) != 0 &&
                           errno != EINPROGRESS)) {
            std::perror("connect");
            std::exit(1);
        }
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT | EPOLLET;
        event.data.fd = socket;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event);
        return socket;
    }

    void write(int socket, Connection& connection) {
        while (connection.request != 0 && connection.written < request_.size()) {
            const auto wrote = ::send(socket, request_.data() + connection.written,
                                      request_.size() - connection.written, MSG_NOSIGNAL);
            if (wrote < 0) return;  // would block, or what `read` will see
            connection.written += static_cast<std::size_t>(wrote);
        }
    }

    /// False: the connection is over.
    bool read(int socket, Connection& connection) {
        char buffer[16 * 1024];
        while (true) {
            const auto got = ::recv(socket, buffer, sizeof buffer, 0);
            if (got < 0 && (errno == EAGAIN || errno == ENOTCONN)) return true;
            if (got <= 0) return false;
            connection.answer.append(buffer, static_cast<std::size_t>(got));
            const int status = connection.request != 0 ? status_of(connection.answer) : 0;
            if (status == 0) continue;
            ++answers_[status];
            connection.request = 0;
            const bool closes = connection.answer.find("Connection: close") != std::string::npos;
            if (closes || connection.written < request_.size()) return false;
            free_.push_back(socket);
        }
    }

    void receive() {
        epoll_event events[256];
        const int ready = ::epoll_wait(poll_, events, 256, 1);
        for (int i = 0; i < ready; ++i) {
            const int socket = events[i].data.fd;
            const auto found = connections_.find(socket);
            if (found == connections_.end()) continue;
            if ((events[i].events & EPOLLOUT) != 0) write(socket, found->second);
            if (!read(socket, found->second)) close(socket);
        }
    }

    void close(int socket) {
        if (connections_.at(socket).request != 0) ++broken_;
        connections_.erase(socket);
        ::close(socket);
    }

    void give_up() {
        const auto now = Clock::now();
        for (; !waiting_.empty(); waiting_.pop_front()) {
            const Waiting& first = waiting_.front();
            const auto found = connections_.find(first.socket);
            const bool waits =
                found != connections_.end() && found->second.request == first.request;
            if (!waits) continue;
            if (now < first.until) return;
            ++given_up_;
            found->second.request = 0;
            close(first.socket);
        }
    }

    std::string request_;
    std::size_t connections_max_;
    int poll_;
    sockaddr_in address_{};
    std::unordered_map<int, Connection> connections_;
    std::vector<int> free_;        // may have been closed since, and be another one's number
    std::deque<Waiting> waiting_;  // in the order in which they were sent
    std::map<int, std::uint64_t> answers_;
    std::uint64_t number_ = 0, found_all_busy_ = 0, broken_ = 0, given_up_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        return std::fprintf(stderr, "usage: bench_flood PORT RATE SECONDS CONNECTIONS < REQUEST\n"),
               2;
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    std::string request(std::istreambuf_iterator<char>(std::cin), {});
    Flood flood(static_cast<std::uint16_t>(std::atoi(arguments[1])),
                static_cast<std::size_t>(std::atol(arguments[4])), std::move(request));
    flood.run(std::atof(arguments[2]), std::atof(arguments[3]));
    flood.print();
}
