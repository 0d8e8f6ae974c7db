#include "common/ops/admin_server.h"

#include "common/ops/log_level_page.h"

#include <chrono>
#include <thread>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace snowline::ops {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint32_t kHeadBytesMax = 8 * 1024;
constexpr std::uint64_t kBodyBytesMax = 4 * 1024;  // of a request; it is read and ignored
constexpr std::chrono::seconds kIdle{30};
constexpr int kConnectionsMax = 64;

bool is_change(http::verb method) {
    return method == http::verb::put || method == http::verb::post;
}

http::response<http::string_body> answer(const http::request<http::string_body>& request,
                                         const AdminServer::Handler& handler) {
    http::response<http::string_body> response;
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    const std::string_view target(request.target().data(), request.target().size());
    const auto mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    const std::string_view query =
        mark != std::string_view::npos ? target.substr(mark + 1) : std::string_view();
    const bool is_level = path == kLogLevelPath;
    AdminResponse made;
    if (request.method() == http::verb::get || request.method() == http::verb::head) {
        made = is_level ? read_log_level() : handler(path, query);
    } else if (is_level && is_change(request.method())) {
        // A web page in an operator's browser could post here; browsers then send Origin.
        made = request.find(http::field::origin) == request.end()
                   ? change_log_level(query)
                   : AdminResponse{.status = 403, .body = "not from a browser's page\n"};
    } else {
        made = {.status = 405, .body = is_level ? "GET, PUT or POST\n" : "GET only\n"};
        response.set(http::field::allow, is_level ? "GET, HEAD, PUT, POST" : "GET, HEAD");
    }
    response.result(static_cast<unsigned>(made.status));
    response.set(http::field::content_type, made.content_type);
    response.set(http::field::cache_control, "no-store");
    response.content_length(made.body.size());
    if (request.method() != http::verb::head) response.body() = std::move(made.body);
    return response;
}

}  // namespace

struct AdminServer::Running {
    explicit Running(Handler made) : handler(std::move(made)) {}

    asio::awaitable<void> session(tcp::socket socket) {
        beast::tcp_stream stream(std::move(socket));
        beast::flat_buffer buffer(kHeadBytesMax + kBodyBytesMax);
        ++connections;
        try {
            for (bool open = true; open;) {
                stream.expires_after(kIdle);
                http::request_parser<http::string_body> parser;
                parser.header_limit(kHeadBytesMax);
                parser.body_limit(kBodyBytesMax);
                co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
                auto response = answer(parser.get(), handler);
                open = response.keep_alive();
                http::response_serializer<http::string_body> serializer(response);
                serializer.split(parser.get().method() == http::verb::head);
                if (serializer.split()) {
                    co_await http::async_write_header(stream, serializer, asio::use_awaitable);
                } else {
                    co_await http::async_write(stream, serializer, asio::use_awaitable);
                }
            }
        } catch (const boost::system::system_error&) {
            // The peer is gone, too slow, or does not speak HTTP: close the connection.
        }
        --connections;
    }

    asio::awaitable<void> listen() {
        while (acceptor.is_open()) {
            boost::system::error_code failed;
            tcp::socket socket =
                co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
            if (failed || connections >= kConnectionsMax) continue;  // closes the socket
            asio::co_spawn(context, session(std::move(socket)), asio::detached);
        }
    }

    Handler handler;
    int connections = 0;
    asio::io_context context{1};
    tcp::acceptor acceptor{context};
    std::thread thread;
};

Result<std::unique_ptr<AdminServer>> AdminServer::start(const std::string& interface,
                                                        std::uint16_t port, Handler handler) {
    auto running = std::make_unique<Running>(std::move(handler));
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(interface, failed);
    const auto because = [&] {
        return unexpected(
            fmt::format("cannot listen on {} port {}: {}", interface, port, failed.message()));
    };
    if (failed) return because();
    auto& acceptor = running->acceptor;
    const tcp::endpoint endpoint(address, port);
    if (acceptor.open(endpoint.protocol(), failed)) return because();
    if (acceptor.set_option(asio::socket_base::reuse_address(true), failed)) return because();
    if (acceptor.bind(endpoint, failed)) return because();
    if (acceptor.listen(asio::socket_base::max_listen_connections, failed)) return because();
    asio::co_spawn(running->context, running->listen(), asio::detached);
    running->thread = std::thread([context = &running->context]() noexcept { context->run(); });
    return std::unique_ptr<AdminServer>(new AdminServer(std::move(running)));
}

AdminServer::AdminServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

AdminServer::~AdminServer() {
    running_->context.stop();
    running_->thread.join();
}

std::uint16_t AdminServer::port() const {
    return running_->acceptor.local_endpoint().port();
}

}  // namespace snowline::ops
