#include "collector/net/session.h"

#include "collector/net/body_reader.h"
#include "collector/net/bytes_in_flight.h"
#include "collector/net/connection_io.h"
#include "collector/net/delivery.h"
#include "collector/net/peer_state.h"
#include "collector/request/cors.h"
#include "collector/wire/body.h"

#include <optional>
#include <variant>

namespace snowline::collector::net {
namespace {

using boost::asio::awaitable;
using wire::Refusal;
using wire::RefusalReason;
using Clock = Connection::Clock;

constexpr std::size_t kIdleReadBytes = 2 * 1024;  // the buffer of an idle connection

/// Serves one connection's requests, one after the other.
template <class Stream>
class Session {
public:
    Session(Stream& stream, Connection& connection, Worker& worker, Shared& shared, Arrival arrival)
        : io_(stream, connection, shared.protection().write_timeout),
          bodies_(io_, connection, worker, shared),
          connection_(connection),
          worker_(worker),
          shared_(shared),
          arrival_(std::move(arrival)),
          new_id_([&worker] { return worker.ids.next(); }) {}

    awaitable<void> run() {
        while (!shared_.stopping) {
            const bool goes_on = co_await serve_one();
            ++worker_.served;
            worker_.call_next();  // the request's memory is free
            if (!goes_on) break;
            ++served_;
        }
    }

private:
    using HeadRead = std::variant<wire::Head, Refusal, Ended>;
    using Body = typename BodyReader<Stream>::Body;

    /// Serves one request. False: the connection must be closed.
    awaitable<bool> serve_one() {
        auto read = co_await read_head();
        if (!std::holds_alternative<wire::Head>(read)) {
            if (const auto refusal = refusal_of(read)) co_await refuse(*refusal);
            co_return false;
        }
        if (worker_.is_behind() && state_of(connection_.socket.native_handle()).has_left) {
            shared_.turned_away("left");
            co_return false;  // the client is gone: its answer would be wasted work
        }
        began_ = Clock::now();
        Request request = make_request(std::move(std::get<wire::Head>(read)), {}, arrival_);
        const Route route = shared_.service.route(request.head);
        if (const auto refusal = shared_.gate.judge_head(request, route.endpoint, began_)) {
            co_await turn_down(request, *refusal);
            co_return false;
        }
        const bool has_body = request.head.body != wire::BodyKind::kNone;
        if (has_body && wants_body(route.endpoint) && shared_.delivery.takes_nothing()) {
            co_return co_await turn_away(request, route.endpoint);
        }
        BytesInFlight memory(shared_.bytes_in_flight, shared_.protection().max_bytes_in_flight);
        Body body;
        if (has_body) {
            const BodyUse use = wants_body(route.endpoint) ? BodyUse::kWanted : BodyUse::kSkipped;
            body = co_await bodies_.read(request.head, use, memory);
        }
        if (std::holds_alternative<Ended>(body)) co_return false;
        if (const auto refusal = take_body(std::move(body), request, memory)) {
            co_await refuse(*refusal);
            co_return false;
        }
        if (const auto refusal = shared_.gate.judge_events(request, route, began_)) {
            co_await turn_down(request, *refusal);
            co_return false;
        }
        co_return co_await answer(request, route);
    }

    /// The refusal for a head that is malformed or late; nullopt: close without an answer.
    std::optional<Refusal> refusal_of(const HeadRead& read) const {
        if (const auto* refusal = std::get_if<Refusal>(&read)) {
            const bool quietly = refusal->row().connection == wire::ConnectionAfter::kClosedQuietly;
            if (quietly && served_ > 0) return std::nullopt;
            return *refusal;
        }
        const bool is_late = connection_.timed_out && !io_.buffer.empty();
        return is_late ? std::optional(Refusal{RefusalReason::kHeadTimeout}) : std::nullopt;
    }

    /// Decodes the body and puts it into the request.
    std::optional<Refusal> take_body(Body body, Request& request, BytesInFlight& memory) {
        if (auto* refusal = std::get_if<Refusal>(&body)) return std::move(*refusal);
        auto* bytes = std::get_if<std::string>(&body);
        close_after_ = bytes == nullptr;  // not read: it is still to come
        received_bytes_ = 0;
        if (bytes == nullptr) return std::nullopt;
        received_bytes_ = bytes->size();
        request.body = std::move(*bytes);
        auto decoded = wire::decode_body(request.head, request.body, shared_.limits.body);
        if (!decoded) return std::move(decoded.error());
        if (!*decoded) return std::nullopt;
        if (!memory.hold(request.body.size() + (*decoded)->size())) {
            return Refusal{RefusalReason::kTooManyBytes};
        }
        request.replace_body(std::move(**decoded));
        return std::nullopt;
    }

    /// Answers 503 without reading the body, as the event could not be made durable.
    awaitable<bool> turn_away(const Request& request, Endpoint endpoint) {
        shared_.delivery.count_turned_away();
        if (shared_.observer != nullptr) {
            shared_.observer->began(wire::to_text(request.head.method), 0);
        }
        const Response response = failure(RefusalReason::kLogAway, request);
        co_return co_await respond(response, request, endpoint);
    }

    /// The 503 for a request whose records are not durable: the tracker keeps its events and
    /// retries.
    Response failure(RefusalReason reason, const Request& request) {
        const Refusal refusal{reason};
        if (refusal.row().connection != wire::ConnectionAfter::kOpen) close_after_ = true;
        return refusal_response(refusal, request);
    }

    awaitable<bool> answer(const Request& request, const Route& route) {
        if (shared_.observer != nullptr) {
            shared_.observer->began(wire::to_text(request.head.method), received_bytes_);
        }
        Moment moment;
        moment.now_ms = now_ms();
        moment.healthy = shared_.healthy;
        moment.sinks_healthy = shared_.delivery.readiness() != Readiness::kNowhere;
        Reply reply = shared_.service.handle(request, route, moment, new_id_);
        connection_.deadline = Clock::time_point::max();  // `deliver` has its own deadlines
        for (const privacy::Applied& rule : reply.privacy) {
            if (shared_.observer != nullptr) shared_.observer->applied(rule.rule, rule.action);
        }
        Envelope envelope;
        envelope.key = std::move(reply.partition_key);
        envelope.traceparent = std::move(reply.traceparent);
        envelope.now_ms = moment.now_ms;
        const bool has_records = !reply.records.good.empty() || !reply.records.bad.empty();
        bool durable = false;
        if (has_records && shared_.delivery.is_behind()) {
            shared_.delivery.count_turned_away();
        } else {
            durable = co_await deliver(shared_, std::move(reply.records), std::move(envelope));
        }
        if (!durable) reply.response = failure(RefusalReason::kNotDurable, request);
        co_return co_await respond(reply.response, request, route.endpoint);
    }

    awaitable<bool> respond(const Response& response, const Request& request, Endpoint endpoint) {
        const auto requests_max = shared_.protection().max_requests_per_connection;
        const bool is_last = requests_max && served_ + 1 >= *requests_max;
        const bool keep_alive = request.head.keep_alive && !close_after_ && !is_last;
        Rendering rendering;
        rendering.is_http10 = request.head.is_http10;
        rendering.keep_alive = keep_alive && !shared_.stopping;
        rendering.with_body = request.head.method != wire::Method::kHead;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(response, rendering);
        const std::size_t at_once = io_.write_at_once(bytes);
        bool written = at_once == bytes.size();
        if (!written) written = co_await io_.write(bytes, at_once);
        if (shared_.observer != nullptr) {
            Exchange exchange;
            exchange.endpoint = name_of(endpoint);
            exchange.method = wire::to_text(request.head.method);
            exchange.status = response.status;
            exchange.response_body_bytes = response.body.size();
            exchange.duration =
                std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
            shared_.observer->answered(exchange);
        }
        if (written && !rendering.keep_alive) co_await io_.linger();
        co_return written&& rendering.keep_alive;
    }

    awaitable<HeadRead> read_head() {
        std::string& buffer = io_.buffer;
        const auto& limits = shared_.settings.limits;
        std::size_t scanned = 0;
        std::size_t end = 0;
        connection_.idle = buffer.empty();
        connection_.idle_since = Clock::now();
        connection_.deadline =
            Clock::now() + (buffer.empty() ? limits.idle_timeout : limits.response_header_timeout);
        while ((end = wire::find_head_end(buffer, scanned)) == 0) {
            if (auto refusal = wire::judge_incomplete(buffer, shared_.limits.head)) {
                co_return HeadRead(std::move(*refusal));
            }
            // Like `read_some`, without a coroutine frame of its own, as every request passes here.
            const std::size_t size = buffer.size();
            const std::size_t most =
                connection_.idle ? kIdleReadBytes : ConnectionIo<Stream>::kReadBytes;
            buffer.resize(size + most);
            const auto space = boost::asio::buffer(buffer.data() + size, most);
            const auto [error, count] = co_await io_.stream().async_read_some(space, kAwait);
            buffer.resize(size + count);
            if (error) co_return HeadRead(Ended());
            if (connection_.idle) {
                connection_.idle = false;
                connection_.timed_out = false;  // bytes came just as the watchdog gave up
                connection_.deadline = Clock::now() + limits.response_header_timeout;
            }
        }
        connection_.idle = false;
        auto head = wire::parse_head(std::string_view(buffer).substr(0, end), shared_.limits.head,
                                     spellings_);
        buffer.erase(0, end);
        if (!head) co_return HeadRead(std::move(head.error()));
        co_return HeadRead(std::move(*head));
    }

    awaitable<void> refuse(Refusal refusal) {
        shared_.refused(refusal);
        Response response = refusal_response(refusal);
        co_await say_last(std::move(response));
    }

    /// Refuses a well-formed request that is not allowed.
    awaitable<void> turn_down(const Request& request, Refusal refusal) {
        shared_.refused(refusal);
        Response response = refusal_response(refusal, request);
        co_await say_last(std::move(response));
    }

    awaitable<void> say_last(Response response) {
        Rendering rendering;
        rendering.keep_alive = false;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(response, rendering);
        const bool written = co_await io_.write(bytes);
        if (written) co_await io_.linger();
    }

    ConnectionIo<Stream> io_;
    BodyReader<Stream> bodies_;
    Connection& connection_;
    Worker& worker_;
    Shared& shared_;
    Arrival arrival_;
    NewId new_id_;
    wire::NameSpellings spellings_;
    Clock::time_point began_;
    std::uint64_t received_bytes_ = 0;
    std::int64_t served_ = 0;
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
