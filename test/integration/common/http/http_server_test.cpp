// The small HTTP server over real sockets: what it takes, what it refuses, and how it ends.

#include "common/http/client.h"
#include "common/http/server.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace snowline;
using namespace snowline::http;

namespace {

std::unique_ptr<Server> start(Server::Handler handler, ServerLimits limits = {}) {
    auto server = Server::start({.threads = 3, .limits = limits}, std::move(handler));
    REQUIRE(server);
    return *std::move(server);
}

Response echo(const Request& request) {
    return {.status = 200, .body = request.method + " " + request.url + " " + request.body};
}

// Bytes there, and everything that comes back.
std::string exchange(std::uint16_t port, const std::string& bytes) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    static_cast<void>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    std::string answer;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(socket, buffer, sizeof(buffer), 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(size));
    ::close(socket);
    return answer;
}

std::string status_of(const std::string& answer) {
    return answer.substr(0, std::min(answer.find('\r'), answer.size()));
}

}  // namespace

TEST_CASE("Many clients at once get each its own answer") {
    const auto server = start(echo);
    std::atomic<int> right = 0;
    std::vector<std::thread> clients;
    for (int client = 0; client < 8; ++client) {
        clients.emplace_back([&, client] {
            Client http;
            for (int i = 0; i < 50; ++i) {
                const std::string path = "/" + std::to_string(client) + "/" + std::to_string(i);
                const auto answer =
                    http.send({.method = "PUT",
                               .url = "http://127.0.0.1:" + std::to_string(server->port()) + path,
                               .headers = {},
                               .body = std::to_string(i)});
                if (answer && answer->status == 200 &&
                    answer->body == "PUT " + path + " " + std::to_string(i)) {
                    ++right;
                }
            }
        });
    }
    for (std::thread& client : clients) client.join();
    CHECK(right == 400);
}

TEST_CASE("What a proxy could read in another way is refused") {
    const auto server = start(echo);
    const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    const auto post = [&](const std::string& rest) {
        return status_of(exchange(server->port(), head + rest));
    };
    CHECK(post("Content-Length: 2\r\n\r\nab") == "HTTP/1.1 200 OK");
    CHECK(post("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n") == "HTTP/1.1 200 OK");
    for (const char* bad :
         {"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
          "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "Content-Length: -1\r\n\r\n", "Content-Length: 2x\r\n\r\nab", "No colon\r\n\r\n"}) {
        CAPTURE(bad);
        CHECK(post(bad).find(" 400 ") != std::string::npos);
    }
    CHECK(exchange(server->port(), "nonsense\r\n\r\n").find(" 400 ") != std::string::npos);
}

TEST_CASE("A trailer does not become a header") {
    std::string seen = "nothing";
    auto server = start([&](const Request& request) {
        seen = std::string(find_header(request.headers, "apikey"));
        return Response{};
    });
    const std::string answer = exchange(
        server->port(),
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\na\r\n0\r\napikey: stolen\r\n\r\n");
    server.reset();  // its threads have ended
    CHECK(status_of(answer) == "HTTP/1.1 200 OK");
    CHECK(seen.empty());
}

TEST_CASE("Limits are kept, and the refusal reaches who is still sending") {
    const auto server = start(echo, {.head_bytes_max = 1000, .body_bytes_max = 10'000});
    const std::string large(3'000'000, 'x');
    const std::string answer = exchange(
        server->port(), "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + large);
    CHECK(status_of(answer) == "HTTP/1.1 413 Payload Too Large");
    CHECK(exchange(server->port(), "GET / HTTP/1.1\r\nX: " + std::string(2000, 'y') + "\r\n\r\n")
              .find(" 400 ") != std::string::npos);
}

TEST_CASE("Who is silent, or slow, is let go") {
    const auto server = start(
        echo, {.idle = std::chrono::milliseconds(100), .exchange = std::chrono::milliseconds(100)});
    CHECK(exchange(server->port(), "").empty());
    CHECK(exchange(server->port(), "GET / HTTP/1.1\r\n").empty());
    CHECK(exchange(server->port(), "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")
              .empty());
}

TEST_CASE("A handler that throws is 500, and a value with a line break makes no header") {
    const auto server = start([](const Request& request) -> Response {
        if (request.url == "/throw") throw std::runtime_error("secret");
        return {.headers = {{"x", "a\r\nSet-Cookie: b"}}};
    });
    const std::string end = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const std::string thrown = exchange(server->port(), "GET /throw" + end);
    CHECK(status_of(thrown) == "HTTP/1.1 500 Internal Server Error");
    CHECK(thrown.find("secret") == std::string::npos);
    CHECK(exchange(server->port(), "GET /" + end).find("Set-Cookie") == std::string::npos);
}

TEST_CASE("A server ends while connections are open") {
    std::vector<std::thread> clients;
    {
        const auto server = start(echo);
        for (int i = 0; i < 4; ++i)
            clients.emplace_back([port = server->port()] { exchange(port, "GET / HTTP/1.1\r\n"); });
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    for (std::thread& client : clients) client.join();
    CHECK(Server::start({.interface = "no address"}, echo).error().find("no address") !=
          std::string::npos);
}
