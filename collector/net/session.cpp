#include "collector/net/session.h"

#include "collector/net/bytes_in_flight.h"
#include "collector/net/delivery.h"
#include "collector/net/peer_state.h"
#include "collector/request/cors.h"
#include "collector/wire/ascii.h"
#include "collector/wire/chunked.h"
#include "collector/wire/content_coding.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
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
constexpr auto kBodyRateGrace = std::chrono::seconds(5);
constexpr auto kRoomWithin = std::chrono::milliseconds(1000);
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
          new_id_([&worker] { return worker.ids.next(); }) {
        if constexpr (std::is_same_v<Stream, Socket>) {
            boost::system::error_code ignored;
            stream_.non_blocking(true, ignored);
        }
    }

    awaitable<void> run() {
        while (!shared_.stopping) {
            const bool goes_on = co_await serve_one();
            ++worker_.served;
            worker_.call_next();  // what it held is free
            if (!goes_on) break;
            ++served_;
        }
    }

private:
    /// False: the connection is over.
    awaitable<bool> serve_one() {
        auto read = co_await read_head();
        if (std::holds_alternative<Ended>(read)) {
            if (connection_.timed_out && !buffer_.empty()) {
                const wire::Refusal late{408, "The request did not come in time.", "head_timeout"};
                co_await refuse(late);
            }
            co_return false;
        }
        if (const auto* refusal = std::get_if<wire::Refusal>(&read)) {
            // Bytes behind a served request that do not even begin like one are most likely the
            // rest of its body: whoever sent them does not wait for an answer.
            const bool garbage = refusal->text == "Unsupported HTTP method" && served_ > 0;
            if (!garbage) co_await refuse(*refusal);
            co_return false;
        }
        if (worker_.is_behind() && state_of(connection_.socket.native_handle()).has_left) {
            shared_.turned_away("left");
            co_return false;  // to serve it would be work for nobody
        }
        began_ = Clock::now();
        Request request = make_request(std::move(std::get<wire::Head>(read)), {}, arrival_);
        const Endpoint endpoint = shared_.service.route(request.head).endpoint;
        if (const auto refusal = shared_.gate.judge_head(request, endpoint, began_)) {
            co_await turn_down(request, *refusal);
            co_return false;
        }
        const bool has_event = wants_body(endpoint) && request.head.body != wire::BodyKind::kNone;
        if (has_event && shared_.delivery.takes_nothing()) {
            co_return co_await turn_away(request, endpoint);
        }
        BytesInFlight memory(shared_.bytes_in_flight, shared_.bounds().max_bytes_in_flight);
        Result<std::string, wire::Refusal> body;
        if (request.head.body != wire::BodyKind::kNone) {
            body = co_await read_body(request.head, wants_body(endpoint), memory);
        }
        if (!body) {
            if (body.error().status != 0) co_await refuse(body.error());
            co_return false;
        }
        received_bytes_ = body->size();
        request.body = std::move(*body);
        if (const auto refusal = decompress(request, memory)) {
            co_await refuse(*refusal);
            co_return false;
        }
        if (const auto refusal = shared_.gate.judge_events(request, endpoint, began_)) {
            co_await turn_down(request, *refusal);
            co_return false;
        }
        co_return co_await answer(request, endpoint);
    }

    /// A compressed body as what it stands for. Where that is switched off, or nobody here knows
    /// the coding, it stays as it came, as at the reference.
    std::optional<wire::Refusal> decompress(Request& request, BytesInFlight& memory) const {
        if (!shared_.bounds().decompress || request.body.empty()) return std::nullopt;
        const auto* header = request.find("Content-Encoding");
        if (header == nullptr) return std::nullopt;
        const auto is_coding = [](const headers::StoredHeader& one) {
            return wire::equal_ignoring_case(one.name, "Content-Encoding");
        };
        const auto codings =
            std::count_if(request.headers.begin(), request.headers.end(), is_coding);
        if (codings > 1 || header->value.find(',') != std::string::npos) {
            return wire::Refusal{400, "A body may have one Content-Encoding.", "decoding"};
        }
        const auto coding = wire::parse_content_coding(header->value);
        if (!coding) return std::nullopt;
        auto decoded = wire::decode_content(request.body, *coding, shared_.limits.decoding);
        if (!decoded) {
            if (decoded.error() == wire::DecodeFailure::kTooLong) return body_too_long();
            const bool dense = decoded.error() == wire::DecodeFailure::kTooDense;
            return wire::Refusal{400,
                                 dense
                                     ? "The request's body is compressed too densely."
                                     : "The request's body is not what its Content-Encoding says.",
                                 dense ? "decompression_ratio" : "decoding"};
        }
        if (!memory.hold(request.body.size() + decoded->size())) return overloaded();
        request.body = std::move(*decoded);
        std::erase_if(request.headers, is_coding);  // what is stored is not compressed
        return std::nullopt;
    }

    /// Nothing would become of the event: its body is not read.
    awaitable<bool> turn_away(const Request& request, Endpoint endpoint) {
        close_after_ = true;
        shared_.delivery.count_turned_away();
        if (shared_.observer != nullptr) {
            shared_.observer->began(wire::to_text(request.head.method), 0);
        }
        const Response response = not_durable_response(request);
        co_return co_await respond(response, request, endpoint);
    }

    awaitable<bool> answer(const Request& request, Endpoint endpoint) {
        if (shared_.observer != nullptr) {
            shared_.observer->began(wire::to_text(request.head.method), received_bytes_);
        }
        Moment moment;
        moment.now_ms = now_ms();
        moment.healthy = shared_.healthy;
        moment.sinks_healthy = shared_.delivery.readiness() != Readiness::kNowhere;
        Reply reply = shared_.service.handle(request, moment, new_id_);
        connection_.deadline = Clock::time_point::max();  // the delivery has its own
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
        const Response failure = durable ? Response() : not_durable_response(request);
        const Response& response = durable ? reply.response : failure;
        co_return co_await respond(response, request, endpoint);
    }

    awaitable<bool> respond(const Response& response, const Request& request, Endpoint endpoint) {
        const auto requests_max = shared_.bounds().max_requests_per_connection;
        const bool is_last = requests_max && served_ + 1 >= *requests_max;
        const bool keep_alive = request.head.keep_alive && !close_after_ && !is_last;
        Rendering rendering;
        rendering.is_http10 = request.head.is_http10;
        rendering.keep_alive = keep_alive && !shared_.stopping;
        rendering.with_body = request.head.method != wire::Method::kHead;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(response, rendering);
        const std::size_t at_once = write_at_once(bytes);
        bool written = at_once == bytes.size();
        if (!written) written = co_await write(bytes, at_once);
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
        if (written && !rendering.keep_alive) co_await linger();
        co_return written&& rendering.keep_alive;
    }

    awaitable<std::variant<wire::Head, wire::Refusal, Ended>> read_head() {
        using Read = std::variant<wire::Head, wire::Refusal, Ended>;
        const auto& limits = shared_.settings().networking;
        std::size_t scanned = 0;
        std::size_t end = 0;
        connection_.idle = buffer_.empty();
        connection_.idle_since = Clock::now();
        connection_.deadline =
            Clock::now() + (buffer_.empty() ? limits.idle_timeout : limits.response_header_timeout);
        while ((end = wire::find_head_end(buffer_, scanned)) == 0) {
            if (auto refusal = wire::judge_incomplete(buffer_, shared_.limits.head)) {
                co_return Read(std::move(*refusal));
            }
            // As `read_some`, without a frame of its own: every request comes by here.
            const std::size_t size = buffer_.size();
            const std::size_t most = connection_.idle ? kIdleReadBytes : kReadBytes;
            buffer_.resize(size + most);
            const auto space = asio::buffer(buffer_.data() + size, most);
            const auto [error, count] = co_await stream_.async_read_some(space, kAwait);
            buffer_.resize(size + count);
            if (error) co_return Read(Ended());
            if (connection_.idle) {
                connection_.idle = false;
                connection_.timed_out = false;  // it came while the watchdog gave it up
                connection_.deadline = Clock::now() + limits.response_header_timeout;
            }
        }
        connection_.idle = false;
        auto head = wire::parse_head(std::string_view(buffer_).substr(0, end), shared_.limits.head,
                                     spellings_);
        buffer_.erase(0, end);
        if (!head) co_return Read(std::move(head.error()));
        co_return Read(std::move(*head));
    }

    /// The body, or "" for one that nobody wants and that was read over. A refusal of status 0: the
    /// peer is gone.
    awaitable<Result<std::string, wire::Refusal>> read_body(const wire::Head& head, bool wanted,
                                                            BytesInFlight& memory) {
        using Read = Result<std::string, wire::Refusal>;
        std::string body;
        const auto most = wanted ? shared_.limits.body_bytes_max : kSkippedBodyBytesMax;
        const bool too_long = head.body == wire::BodyKind::kLength && head.content_length > most;
        const bool awaited = head.expects_continue && buffer_.empty();
        if (!wanted && (too_long || awaited)) {  // answer, and leave the body where it is
            close_after_ = true;
            co_return Read(body);
        }
        if (too_long) co_return Read(unexpected(body_too_long()));
        const bool has_room = co_await wait_for_room(head, memory);
        if (!has_room) co_return Read(unexpected(overloaded()));
        if (awaited) {
            const std::string go_on = render_continue(now_ms() / 1000);
            const bool written = co_await write(go_on);
            if (!written) co_return Read(unexpected(gone()));
        }
        body_began_ = Clock::now();
        Read read;  // no co_await in a conditional expression: GCC 12 destroys its result twice
        if (head.body == wire::BodyKind::kLength) {
            read = co_await read_length(head.content_length, memory);
        } else {
            read = co_await read_chunks(most, memory);
        }
        if (!wanted && read) read->clear();
        co_return read;
    }

    /// While others hold all the memory there is, the body stays where it is, in a queue: to wait
    /// costs less than to turn a tracker away, which comes back at once. False: it took too long.
    awaitable<bool> wait_for_room(const wire::Head& head, BytesInFlight& memory) {
        const auto length = head.content_length;  // 0 where it comes in chunks
        const bool is_first = worker_.queue.empty();
        if (is_first && memory.announce(length)) co_return true;
        asio::steady_timer turn(worker_.loop);
        turn.expires_after(kRoomWithin);
        auto& queue = worker_.queue;
        const auto place = queue.insert(queue.end(), &turn);
        bool has_room = false;
        while (!has_room) {
            const auto [called] = co_await turn.async_wait(kAwait);
            has_room = memory.announce(length);
            if (!called) break;  // its time is over
        }
        queue.erase(place);
        if (has_room) worker_.call_next();  // there may be room for more
        co_return has_room;
    }

    awaitable<Result<std::string, wire::Refusal>> read_length(std::uint64_t length,
                                                              BytesInFlight& memory) {
        using Read = Result<std::string, wire::Refusal>;
        const auto there = std::min<std::uint64_t>(buffer_.size(), length);
        std::string body = buffer_.substr(0, there);
        buffer_.erase(0, there);
        while (true) {
            if (!memory.hold(body.size())) co_return Read(unexpected(overloaded()));
            if (body.size() == length) co_return Read(std::move(body));
            set_body_deadline(body.size());
            const auto take = std::min<std::uint64_t>(length - body.size(), kBodyReadBytes);
            const bool more = co_await read_some(body, take);
            if (!more) co_return Read(unexpected(interrupted()));
        }
    }

    awaitable<Result<std::string, wire::Refusal>> read_chunks(std::uint64_t most,
                                                              BytesInFlight& memory) {
        using Read = Result<std::string, wire::Refusal>;
        using State = wire::ChunkedBody::State;
        wire::ChunkedBody decoder(most);
        std::string body;
        while (true) {
            std::size_t consumed = 0;
            const State state = decoder.feed(buffer_, body, consumed);
            buffer_.erase(0, consumed);
            if (!memory.hold(body.size())) co_return Read(unexpected(overloaded()));
            if (state == State::kDone) co_return Read(std::move(body));
            if (state == State::kTooLong) co_return Read(unexpected(body_too_long()));
            if (state == State::kMalformed) co_return Read(unexpected(broken_body()));
            set_body_deadline(body.size());
            const bool more = co_await read_some(buffer_, kBodyReadBytes);
            if (!more) co_return Read(unexpected(interrupted()));
        }
    }

    /// A body has its whole time, and less where it comes at less than the least rate.
    void set_body_deadline(std::uint64_t received) {
        auto left = std::chrono::milliseconds(shared_.settings().networking.body_read_timeout);
        if (const auto rate = shared_.bounds().min_body_rate; rate > 0) {
            const auto earned = static_cast<std::int64_t>(received) * 1000 / rate;
            left = std::min(left, kBodyRateGrace + std::chrono::milliseconds(earned));
        }
        connection_.deadline = body_began_ + left;
    }

    static wire::Refusal gone() { return {0, {}}; }
    static wire::Refusal broken_body() { return {404, "404 not found", "broken_body"}; }
    wire::Refusal interrupted() const {
        if (!connection_.timed_out) return broken_body();
        return {408, "The request's body did not come in time.", "body_timeout"};
    }
    wire::Refusal body_too_long() const {
        return {shared_.limits.too_long_body_status, "The request's body is too long.", "body"};
    }
    static wire::Refusal overloaded() {
        return {503, "Too much at a time. Please try again.", "overload", 5};
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

    /// An answer nearly always fits the socket's buffer: then it costs one call, and no wait. Gives
    /// how much is written; `write` goes on from there.
    std::size_t write_at_once(const std::string& bytes) {
        if constexpr (std::is_same_v<Stream, Socket>) {
            boost::system::error_code error;  // would block, or for `write` to find again
            return stream_.write_some(asio::buffer(bytes), error);
        }
        return 0;
    }

    awaitable<bool> write(const std::string& bytes, std::size_t from = 0) {
        connection_.timed_out = false;
        connection_.deadline = Clock::now() + shared_.bounds().write_timeout;
        const auto rest = asio::buffer(bytes) + from;
        const auto [error, count] = co_await asio::async_write(stream_, rest, kAwait);
        co_return !error;
    }

    awaitable<void> refuse(wire::Refusal refusal) {
        shared_.refused(refusal);
        co_await say_last(refusal_response(refusal));
    }

    /// A request that is in order, and not welcome. The page that sent it may read why, or it would
    /// send it for ever.
    awaitable<void> turn_down(const Request& request, wire::Refusal refusal) {
        shared_.refused(refusal);
        Response response = refusal_response(refusal);
        add_cors(request, response);
        co_await say_last(std::move(response));
    }

    awaitable<void> say_last(Response response) {
        Rendering rendering;
        rendering.keep_alive = false;
        rendering.now_seconds = now_ms() / 1000;
        const std::string bytes = render(response, rendering);
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
        std::string bytes(kReadBytes, '\0');
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
    wire::NameSpellings spellings_;
    std::string buffer_;  // read, and not yet used
    Clock::time_point began_;
    Clock::time_point body_began_;
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
