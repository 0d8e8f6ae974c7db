#include "common/http/server.h"

#include "common/clock.h"
#include "common/text/ascii.h"
#include "common/text/time.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <exception>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace snowline::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Parser = beast::http::request_parser<beast::http::string_body>;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

// Fields of the head only: trailers never reach the handler.
Request head_of(const Parser::value_type& message) {
    Request request{.method = std::string(view(message.method_string())),
                    .url = std::string(view(message.target())),
                    .headers = {},
                    .body = {}};
    for (const auto& field : message) {
        request.headers.emplace_back(text::to_lower(view(field.name_string())),
                                     std::string(view(field.value())));
    }
    return request;
}

// Beast accepts forms that a proxy in front may frame as other requests.
bool is_ambiguous(const Request& request, unsigned version) {
    const auto count = [&](std::string_view name) {
        return std::count_if(request.headers.begin(), request.headers.end(),
                             [&](const auto& header) { return header.first == name; });
    };
    const auto lengths = count("content-length");
    const auto codings = count("transfer-encoding");
    if (codings == 0) return lengths > 1;
    return lengths > 0 || codings > 1 || version < 11 ||
           text::to_lower(find_header(request.headers, "transfer-encoding")) != "chunked";
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

using Message = beast::http::response<beast::http::string_body>;

Message message_of(Response response, unsigned version, bool keep_alive) {
    Message message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) {
        if (!has_line_break(value)) message.insert(name, value);
    }
    message.set(beast::http::field::date, text::format_http_date(now_ms() / 1000));
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    message.body() = std::move(response.body);
    return message;
}

Response refusal(int status, std::string_view why) {
    Response response{.status = status, .body = {}, .headers = {}};
    if (why.empty()) return response;
    response.headers = {{"content-type", "application/json"}};
    response.body = fmt::format(R"({{"message":"{}"}})", why);
    return response;
}

}  // namespace

struct Server::Running {
    struct Worker {
        asio::io_context context{1};
        std::thread thread;
    };

    Running(const ServerOptions& given, Handler made)
        : limits(given.limits), handler(std::move(made)), workers(std::max(1, given.threads)) {}

    Response call(const Request& request) const {
        try {
            return handler(request);
        } catch (const std::exception&) {
            return refusal(500, "Internal error");
        }
    }

    asio::awaitable<void> send(beast::tcp_stream& stream, Message message, bool is_head) {
        stream.expires_after(limits.exchange);
        beast::http::response_serializer<beast::http::string_body> serializer(message);
        serializer.split(is_head);
        if (is_head) {
            co_await beast::http::async_write_header(stream, serializer, asio::use_awaitable);
        } else {
            co_await beast::http::async_write(stream, serializer, asio::use_awaitable);
        }
    }

    // The last answer of a connection whose peer may still be sending. Reads for a while
    // afterwards: the reset that follows unread bytes could reach the peer before the answer.
    asio::awaitable<void> refuse(beast::tcp_stream& stream, int status, std::string_view why) {
        Message message = message_of(refusal(status, why), 11, false);
        co_await send(stream, std::move(message), false);
        stream.socket().shutdown(tcp::socket::shutdown_send);
        std::vector<char> sink(64 * 1024);
        stream.expires_after(std::chrono::seconds(2));
        for (std::size_t left = std::size_t{64} << 20; left > 0;) {
            const std::size_t bytes =
                co_await stream.async_read_some(asio::buffer(sink), asio::use_awaitable);
            left -= std::min(left, bytes);
        }
    }

    // Reads one request and answers it; returns whether the connection stays open.
    asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
        Parser parser;
        parser.header_limit(limits.head_bytes_max);
        parser.body_limit(limits.body_bytes_max);
        error_code failed;
        if (buffer.size() == 0) {
            stream.expires_after(limits.idle);
            const auto room = buffer.prepare(4096);
            buffer.commit(co_await stream.async_read_some(room, asio::use_awaitable));
        }
        stream.expires_after(limits.exchange);
        co_await beast::http::async_read_header(stream, buffer, parser,
                                                asio::redirect_error(asio::use_awaitable, failed));
        if (failed == beast::http::error::body_limit) {
            co_await refuse(stream, 413, "The request body is too large");
            co_return false;
        }
        if (failed) {
            if (failed.category() ==
                    beast::http::make_error_code(beast::http::error::bad_method).category() &&
                failed != beast::http::error::end_of_stream) {
                co_await refuse(stream, 400, "");
            }
            co_return false;
        }
        Request request = head_of(parser.get());
        if (is_ambiguous(request, parser.get().version())) {
            co_await refuse(stream, 400, "");
            co_return false;
        }
        if (text::to_lower(find_header(request.headers, "expect")) == "100-continue") {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await asio::async_write(stream, asio::buffer(kContinue), asio::use_awaitable);
        }
        co_await beast::http::async_read(stream, buffer, parser,
                                         asio::redirect_error(asio::use_awaitable, failed));
        if (failed == beast::http::error::body_limit) {
            co_await refuse(stream, 413, "The request body is too large");
            co_return false;
        }
        if (failed) {
            if (failed != beast::error::timeout) co_await refuse(stream, 400, "");
            co_return false;
        }
        const bool keep_alive = parser.get().keep_alive();
        const unsigned version = parser.get().version();
        request.body = std::move(parser.get().body());
        Message message = message_of(call(request), version, keep_alive);
        const bool is_head = request.method == "HEAD";
        co_await send(stream, std::move(message), is_head);
        co_return keep_alive;
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        beast::tcp_stream stream(std::move(socket));
        beast::flat_buffer buffer;
        try {
            for (bool open = true; open;) open = co_await exchange(stream, buffer);
            error_code ignored;
            stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
        } catch (const boost::system::system_error&) {
            // The peer is gone or too slow: close the connection.
        }
        --connections;
    }

    // Connections go to the workers round-robin; each stays with its worker.
    asio::awaitable<void> listen() {
        for (std::size_t turn = 0; acceptor.is_open(); ++turn) {
            Worker& worker = workers[turn % workers.size()];
            error_code failed;
            tcp::socket socket = co_await acceptor.async_accept(
                worker.context, asio::redirect_error(asio::use_awaitable, failed));
            if (failed) {
                // Most likely no file descriptors are left; accepting again at once would spin.
                asio::steady_timer pause(workers.front().context, std::chrono::milliseconds(20));
                co_await pause.async_wait(asio::use_awaitable);
                continue;
            }
            if (connections >= limits.connections_max) continue;  // closes the socket
            ++connections;
            socket.set_option(tcp::no_delay(true), failed);
            asio::co_spawn(worker.context, serve(std::move(socket)), asio::detached);
        }
    }

    ServerLimits limits;
    Handler handler;
    std::atomic<int> connections = 0;
    std::vector<Worker> workers;
    tcp::acceptor acceptor{workers.front().context};
    std::uint16_t port = 0;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
    auto running = std::make_unique<Running>(options, std::move(handler));
    error_code failed;
    const auto address = asio::ip::make_address(options.interface, failed);
    const auto because = [&] {
        return unexpected(fmt::format("cannot listen on {} port {}: {}", options.interface,
                                      options.port, failed.message()));
    };
    if (failed) return because();
    auto& acceptor = running->acceptor;
    const tcp::endpoint endpoint(address, options.port);
    if (acceptor.open(endpoint.protocol(), failed)) return because();
    if (acceptor.set_option(asio::socket_base::reuse_address(true), failed)) return because();
    if (acceptor.bind(endpoint, failed)) return because();
    if (acceptor.listen(asio::socket_base::max_listen_connections, failed)) return because();
    running->port = acceptor.local_endpoint().port();
    asio::co_spawn(running->workers.front().context, running->listen(), asio::detached);
    for (auto& worker : running->workers) {
        worker.thread = std::thread([&context = worker.context]() noexcept {
            const auto work = asio::make_work_guard(context);
            context.run();
        });
    }
    return std::unique_ptr<Server>(new Server(std::move(running)));
}

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Server::~Server() {
    for (auto& worker : running_->workers) worker.context.stop();
    for (auto& worker : running_->workers) worker.thread.join();
}

std::uint16_t Server::port() const {
    return running_->port;
}

}  // namespace snowline::http
