#include "collector/net/session.h"

#include "collector/http/chunked.h"
#include "collector/net/delivery.h"

#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace snowline::collector::net {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using Clock = Connection::Clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kIdleReadBytes = 2 * 1024;  // what a connection holds while it waits
constexpr std::size_t kBodyReadBytes = 64 * 1024;
constexpr std::uint64_t kSkippedBodyBytesMax = 1 << 20;
constexpr std::uint64_t kLingerBytesMax = 4 << 20;
constexpr auto kWriteTimeout = std::chrono::seconds(30);
constexpr auto kLingerTimeout = std::chrono::seconds(2);

/// Nothing more can be read: the peer is gone, or the watchdog came.
struct Ended {};

/// One connection's state.
template <class Stream>
class Session {
public:
    Session(Stream& stream, Connection& connection, Worker& worker, Shared& shared, Arrival arrival)
        : stream_(stream),
          connection_(connection),
          worker_(worker),
          shared_(shared),
          arrival_(std::move(arrival)),
          new_id_([&worker] { return worker.ids.next(); }) {}

    awaitable<void> run() {
        while (!shared_.stopping) {
            const bool goes_on = co_await serve_one();
            if (!goes_on) break;
            served_any_ = true;
        }
    }

private:
    /// False: the connection is over.
    awaitable<bool> serve_one() {
        auto read = co_await read_head();
        if (std::holds_alternative<Ended>(read)) {
            if (connection_.timed_out && !buffer_.empty()) {
                const http::Refusal late{408, "The request did not come in time."};
                co_await refuse(late);
            }
            co_return false;
        }
        if (const auto* refusal = std::get_if<http::Refusal>(&read)) {
            // Bytes behind a served request that do not even begin like one are most likely the
            // rest of its body: whoever sent them does not wait for an answer.
            const bool garbage = refusal->text == "Unsupported HTTP method" && served_any_;
            if (!garbage) co_await refuse(*refusal);
            co_return false;
        }
        http::Head& head = std::get<http::Head>(read);
        began_ = Clock::now();
        const Route route = shared_.service.route(head);
        const auto body = co_await read_body(head, wants_body(route.endpoint));
        if (!body) {
            if (body.error().status != 0) co_await refuse(body.error());
            co_return false;
        }
        co_return co_await answer(std::move(head), *body, route.endpoint);
    }

    awaitable<bool> answer(http::Head head, std::string body, Endpoint endpoint) {
        const bool is_head = head.method == http::Method::kHead;
        const bool is_http10 = head.is_http10;
        const bool keep_alive = head.keep_alive && !close_after_;
        const auto method = http::to_text(head.method);
        if (shared_.observer != nullptr) shared_.observer->began(method, body.size());

        const Request request = make_request(std::move(head), std::move(body), arrival_);
        Moment moment;
        moment.now_ms = now_ms();
        moment.healthy = shared_.healthy;
        moment.sinks_healthy = shared_.sinks_healthy;
        Reply reply = shared_.service.handle(request, moment, new_id_);
        connection_.deadline = Clock::time_point::max();  // the delivery has its own
        const bool durable =
            co_await deliver(shared_, std::move(reply.records), std::move(reply.partition_key));
        const Response failure = durable ? Response() : not_durable_response(request);
        const Response& response = durable ? reply.response : failure;

        Rendering rendering;
        rendering.is_http10 = is_http10;
        rendering.keep_alive = keep_alive && !shared_.stopping;
        rendering.with_body = !is_head;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(response, rendering);
        const bool written = co_await write(bytes);
        if (shared_.observer != nullptr) {
            Exchange exchange;
            exchange.endpoint = name_of(endpoint);
            exchange.method = method;
            exchange.status = response.status;
            exchange.response_body_bytes = response.body.size();
            exchange.duration =
                std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
            shared_.observer->answered(exchange);
        }
        if (written && !rendering.keep_alive) co_await linger();
        co_return written&& rendering.keep_alive;
    }

    awaitable<std::variant<http::Head, http::Refusal, Ended>> read_head() {
        using Read = std::variant<http::Head, http::Refusal, Ended>;
        const auto& limits = shared_.settings().networking;
        std::size_t scanned = 0;
        std::size_t end = 0;
        connection_.idle = buffer_.empty();
        connection_.deadline =
            Clock::now() + (buffer_.empty() ? limits.idle_timeout : limits.response_header_timeout);
        while ((end = http::find_head_end(buffer_, scanned)) == 0) {
            if (auto refusal = http::judge_incomplete(buffer_, shared_.limits.head)) {
                co_return Read(std::move(*refusal));
            }
            const bool more =
                co_await read_some(buffer_, connection_.idle ? kIdleReadBytes : kReadBytes);
            if (!more) co_return Read(Ended());
            if (connection_.idle) {
                connection_.idle = false;
                connection_.deadline = Clock::now() + limits.response_header_timeout;
            }
        }
        connection_.idle = false;
        auto head = http::parse_head(std::string_view(buffer_).substr(0, end), shared_.limits.head,
                                     spellings_);
        buffer_.erase(0, end);
        if (!head) co_return Read(std::move(head.error()));
        co_return Read(std::move(*head));
    }

    /// The body, or "" for one that nobody wants and that was read over. A refusal of status 0: the
    /// peer is gone.
    awaitable<Result<std::string, http::Refusal>> read_body(const http::Head& head, bool wanted) {
        using Read = Result<std::string, http::Refusal>;
        std::string body;
        if (head.body == http::BodyKind::kNone) co_return Read(body);
        const auto& limits = shared_.settings().networking;
        const auto most = wanted ? shared_.limits.body_bytes_max : kSkippedBodyBytesMax;
        const bool too_long = head.body == http::BodyKind::kLength && head.content_length > most;
        const bool awaited = head.expects_continue && buffer_.empty();
        if (!wanted && (too_long || awaited)) {  // answer, and leave the body where it is
            close_after_ = true;
            co_return Read(body);
        }
        if (too_long) co_return Read(unexpected(body_too_long()));
        connection_.deadline = Clock::now() + limits.body_read_timeout;
        if (awaited) {
            const std::string go_on = render_continue(now_ms() / 1000);
            const bool written = co_await write(go_on);
            if (!written) co_return Read(unexpected(gone()));
            connection_.deadline = Clock::now() + limits.body_read_timeout;
        }
        Read read;  // no co_await in a conditional expression: GCC 12 destroys its result twice
        if (head.body == http::BodyKind::kLength) {
            read = co_await read_length(head.content_length);
        } else {
            read = co_await read_chunks(most);
        }
        if (!wanted && read) read->clear();
        co_return read;
    }

    awaitable<Result<std::string, http::Refusal>> read_length(std::uint64_t length) {
        using Read = Result<std::string, http::Refusal>;
        const auto there = std::min<std::uint64_t>(buffer_.size(), length);
        std::string body = buffer_.substr(0, there);
        buffer_.erase(0, there);
        while (body.size() < length) {
            const auto take = std::min<std::uint64_t>(length - body.size(), kBodyReadBytes);
            const bool more = co_await read_some(body, take);
            if (!more) co_return Read(unexpected(interrupted()));
        }
        co_return Read(std::move(body));
    }

    awaitable<Result<std::string, http::Refusal>> read_chunks(std::uint64_t most) {
        using Read = Result<std::string, http::Refusal>;
        using State = http::ChunkedBody::State;
        http::ChunkedBody decoder(most);
        std::string body;
        while (true) {
            std::size_t consumed = 0;
            const State state = decoder.feed(buffer_, body, consumed);
            buffer_.erase(0, consumed);
            if (state == State::kDone) co_return Read(std::move(body));
            if (state == State::kTooLong) co_return Read(unexpected(body_too_long()));
            if (state == State::kMalformed) co_return Read(unexpected(broken_body()));
            const bool more = co_await read_some(buffer_, kBodyReadBytes);
            if (!more) co_return Read(unexpected(interrupted()));
        }
    }

    static http::Refusal gone() { return {0, {}}; }
    static http::Refusal broken_body() { return {404, "404 not found"}; }
    http::Refusal interrupted() const {
        if (!connection_.timed_out) return broken_body();
        return {408, "The request's body did not come in time."};
    }
    http::Refusal body_too_long() const {
        return {shared_.limits.too_long_body_status, "The request's body is too long."};
    }

    /// Appends up to `most` bytes to `to`; false where none come any more.
    awaitable<bool> read_some(std::string& to, std::size_t most) {
        const std::size_t size = to.size();
        to.resize(size + most);
        const auto space = asio::buffer(to.data() + size, most);
        const auto [error, count] = co_await stream_.async_read_some(space, kAwait);
        to.resize(size + count);
        co_return !error;
    }

    awaitable<bool> write(const std::string& bytes) {
        connection_.timed_out = false;
        connection_.deadline = Clock::now() + kWriteTimeout;
        const auto [error, count] =
            co_await asio::async_write(stream_, asio::buffer(bytes), kAwait);
        co_return !error;
    }

    awaitable<void> refuse(const http::Refusal& refusal) {
        if (shared_.observer != nullptr) shared_.observer->refused(refusal.status);
        Rendering rendering;
        rendering.keep_alive = false;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(refusal_response(refusal), rendering);
        const bool written = co_await write(bytes);
        if (written) co_await linger();
    }

    /// Closes so that the peer can read the answer: a socket closed with unread bytes in it would
    /// be reset, and the answer lost.
    awaitable<void> linger() {
        connection_.timed_out = false;
        connection_.deadline = Clock::now() + kLingerTimeout;
        boost::system::error_code ignored;
        connection_.socket.shutdown(Socket::shutdown_send, ignored);
        std::uint64_t skipped = 0;
        std::string bytes(kBodyReadBytes, '\0');
        while (skipped < kLingerBytesMax) {
            const auto space = asio::buffer(bytes);
            const auto [error, count] = co_await connection_.socket.async_read_some(space, kAwait);
            if (error) break;
            skipped += count;
        }
    }

    Stream& stream_;
    Connection& connection_;
    Worker& worker_;
    Shared& shared_;
    Arrival arrival_;
    NewId new_id_;
    http::NameSpellings spellings_;
    std::string buffer_;  // read, and not yet used
    Clock::time_point began_;
    bool served_any_ = false;
    bool close_after_ = false;
};

}  // namespace

template <class Stream>
awaitable<void> serve(Stream& stream, Connection& connection, Worker& worker, Shared& shared,
                      Arrival arrival) {
    Session<Stream> session(stream, connection, worker, shared, std::move(arrival));
    co_await session.run();
}

template awaitable<void> serve<Socket>(Socket&, Connection&, Worker&, Shared&, Arrival);
template awaitable<void> serve<TlsStream>(TlsStream&, Connection&, Worker&, Shared&, Arrival);

}  // namespace snowline::collector::net
