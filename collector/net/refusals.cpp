#include "collector/net/refusals.h"

#include "collector/net/shared.h"
#include "collector/response.h"

#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>

namespace snowline::collector::net {
namespace {

constexpr auto kLinger = std::chrono::seconds(1);
constexpr std::size_t kLeavingMax = 4096;
constexpr int kReadsMax = 8;

void drain(Refusals::Socket& socket) {
    std::array<char, 16 * 1024> bytes;
    boost::system::error_code error;
    for (int i = 0; i < kReadsMax && !error; ++i)
        socket.read_some(boost::asio::buffer(bytes), error);
}

}  // namespace

void Refusals::refuse(Socket socket, Time now) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    drain(socket);
    socket.write_some(boost::asio::buffer(answer()), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
    if (leaving_.size() == kLeavingMax) leaving_.pop_front();
    leaving_.push_back({std::move(socket), now + kLinger});
}

void Refusals::sweep(Time now) {
    for (; !leaving_.empty() && leaving_.front().until <= now; leaving_.pop_front()) {
        drain(leaving_.front().socket);
    }
}

const std::string& Refusals::answer() {
    const std::int64_t second = now_ms() / 1000;
    if (second != answer_second_) {
        const http::Refusal full{503, "Too many connections. Please try again.", "connections", 5};
        Rendering rendering;
        rendering.keep_alive = false;
        rendering.now_seconds = second;
        answer_ = render(refusal_response(full), rendering);
        answer_second_ = second;
    }
    return answer_;
}

}  // namespace snowline::collector::net
