#pragma once

#include "collector/net/bytes_in_flight.h"
#include "collector/net/connection_io.h"
#include "collector/request/response.h"
#include "collector/wire/chunked.h"

#include <algorithm>
#include <variant>

#include <boost/asio/steady_timer.hpp>

/// Inside `net/` only.
namespace snowline::collector::net {

enum class BodyUse : std::uint8_t { kWanted, kSkipped };

/// The body was not read: nobody needs it, and reading it would cost more than a new connection.
struct LeftUnread {};

/// Reads the bodies of one connection's requests, by length or in chunks: at most as many bytes as
/// the limits allow, within their time, and only while the shared memory suffices.
template <class Stream>
class BodyReader {
public:
    using Body = std::variant<std::string, LeftUnread, wire::Refusal, Ended>;

    /// Borrows all of them.
    BodyReader(ConnectionIo<Stream>& io, Connection& connection, Worker& worker, Shared& shared)
        : io_(io), connection_(connection), worker_(worker), shared_(shared) {}

    /// Reads the body. A kSkipped body is read and dropped (result ""), because the next request is
    /// behind it; one that is too long, or that waits for 100 Continue, is LeftUnread. `memory`
    /// holds the body's bytes until its owner ends.
    boost::asio::awaitable<Body> read(const wire::Head& head, BodyUse use, BytesInFlight& memory) {
        const bool wanted = use == BodyUse::kWanted;
        const std::uint64_t most = wanted ? shared_.limits.body.bytes_max : kSkippedBytesMax;
        const bool is_too_long = head.content_length > most;
        const bool is_awaited = head.expects_continue && io_.buffer.empty();
        if (!wanted && (is_too_long || is_awaited)) co_return Body(LeftUnread());
        if (is_too_long) co_return too_long();
        const bool has_room = co_await wait_for_room(head, memory);
        if (!has_room) co_return refused(wire::RefusalReason::kTooManyBytes);
        if (is_awaited) {
            const std::string go_on = render_continue(now_ms() / 1000);
            const bool written = co_await io_.write(go_on);
            if (!written) co_return Body(Ended());
        }
        began_ = Connection::Clock::now();
        Body body;  // no co_await in a conditional expression: GCC 12 destroys its result twice
        if (head.body == wire::BodyKind::kLength) {
            body = co_await read_length(head.content_length, memory);
        } else {
            body = co_await read_chunks(most, memory);
        }
        auto* bytes = std::get_if<std::string>(&body);
        if (!wanted && bytes != nullptr) bytes->clear();
        co_return body;
    }

private:
    static constexpr std::size_t kReadBytes = 64 * 1024;
    static constexpr std::uint64_t kSkippedBytesMax = 1 << 20;
    static constexpr auto kRateGrace = std::chrono::seconds(5);
    static constexpr auto kRoomWithin = std::chrono::milliseconds(1000);

    /// Where other requests use all the memory, waits for it in the worker's queue; the body stays
    /// unread. Waiting costs less than a refusal, after which the tracker retries at once. False:
    /// timeout.
    boost::asio::awaitable<bool> wait_for_room(const wire::Head& head, BytesInFlight& memory) {
        const auto length = head.content_length;  // 0 where it comes in chunks
        const bool is_first = worker_.queue.empty();
        if (is_first && memory.announce(length)) co_return true;
        boost::asio::steady_timer turn(worker_.loop);
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

    boost::asio::awaitable<Body> read_length(std::uint64_t length, BytesInFlight& memory) {
        const auto there = std::min<std::uint64_t>(io_.buffer.size(), length);
        std::string body = io_.buffer.substr(0, there);
        io_.buffer.erase(0, there);
        while (true) {
            if (!memory.hold(body.size())) co_return refused(wire::RefusalReason::kTooManyBytes);
            if (body.size() == length) co_return Body(std::move(body));
            set_deadline(body.size());
            const auto take = std::min<std::uint64_t>(length - body.size(), kReadBytes);
            const bool more = co_await io_.read_some(body, take);
            if (!more) co_return interrupted();
        }
    }

    boost::asio::awaitable<Body> read_chunks(std::uint64_t most, BytesInFlight& memory) {
        using State = wire::ChunkedBody::State;
        wire::ChunkedBody decoder(most);
        std::string body;
        while (true) {
            std::size_t consumed = 0;
            const State state = decoder.feed(io_.buffer, body, consumed);
            io_.buffer.erase(0, consumed);
            if (!memory.hold(body.size())) co_return refused(wire::RefusalReason::kTooManyBytes);
            if (state == State::kDone) co_return Body(std::move(body));
            if (state == State::kTooLong) co_return too_long();
            if (state == State::kMalformed) co_return refused(wire::RefusalReason::kBrokenBody);
            set_deadline(body.size());
            const bool more = co_await io_.read_some(io_.buffer, kReadBytes);
            if (!more) co_return interrupted();
        }
    }

    /// The deadline is the whole body's timeout, or earlier where the body comes at less than the
    /// minimum rate.
    void set_deadline(std::uint64_t received) {
        auto left = std::chrono::milliseconds(shared_.settings.limits.body_read_timeout);
        if (const auto rate = shared_.protection().min_body_rate; rate > 0) {
            const auto earned = static_cast<std::int64_t>(received) * 1000 / rate;
            left = std::min(left, kRateGrace + std::chrono::milliseconds(earned));
        }
        connection_.deadline = began_ + left;
    }

    static Body refused(wire::RefusalReason reason) { return wire::Refusal{reason}; }
    Body too_long() const { return refused(shared_.limits.body.too_long); }
    Body interrupted() const {
        using Reason = wire::RefusalReason;
        return refused(connection_.timed_out ? Reason::kBodyTimeout : Reason::kBrokenBody);
    }

    ConnectionIo<Stream>& io_;
    Connection& connection_;
    Worker& worker_;
    Shared& shared_;
    Connection::Clock::time_point began_;
};

}  // namespace snowline::collector::net
