#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace snowline::test {

/// An HTTP server on a free loopback port: one request a connection, answered as the test says.
class LoopbackServer {
public:
    struct Answer {
        int status = 200;
        std::string body;
        std::string headers;  // whole lines
        std::chrono::milliseconds delay{0};
    };
    using Handler = std::function<Answer(const std::string& request_head)>;

    explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 64);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
    }
    ~LoopbackServer() { stop(); }

    void stop() {
        if (listener_ < 0) return;
        thread_.request_stop();
        thread_.join();
        workers_.clear();
        ::close(listener_);
        listener_ = -1;
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    int requests() const { return requests_; }

private:
    void run(std::stop_token stop) {
        while (!stop.stop_requested()) {
            pollfd ready{.fd = listener_, .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, 20) <= 0) continue;
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) continue;
            workers_.emplace_back([this, connection](std::stop_token) { serve(connection); });
        }
    }

    void serve(int connection) {
        std::string head;
        char buffer[4096];
        while (head.find("\r\n\r\n") == std::string::npos) {
            const ssize_t read = ::recv(connection, buffer, sizeof buffer, 0);
            if (read <= 0) break;
            head.append(buffer, static_cast<std::size_t>(read));
        }
        ++requests_;
        const Answer answer = handler_(head);
        std::this_thread::sleep_for(answer.delay);
        const std::string text =
            "HTTP/1.1 " + std::to_string(answer.status) + " x\r\n" + answer.headers +
            "connection: close\r\ncontent-length: " + std::to_string(answer.body.size()) +
            "\r\n\r\n" + answer.body;
        ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        ::close(connection);
    }

    Handler handler_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> requests_ = 0;
    std::vector<std::jthread> workers_;
    std::jthread thread_;
};

}  // namespace snowline::test
