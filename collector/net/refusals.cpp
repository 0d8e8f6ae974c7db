#include "collector/net/refusals.h"

#include "collector/net/shared.h"
#include "collector/request/response.h"

#include <array>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace snowline::collector::net {
namespace {

constexpr auto kLinger = std::chrono::seconds(1);
constexpr int kReadsMax = 8;

void drain(const PlainSocket& socket) {
    std::array<char, 16 * 1024> bytes;
    for (int i = 0; i < kReadsMax; ++i) {
        const auto count = ::recv(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count < static_cast<ssize_t>(bytes.size())) return;
    }
}

}  // namespace

PlainSocket::~PlainSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Refusals::refuse(PlainSocket socket, Time now) {
    const std::string& text = answer();
    drain(socket);
    // An answer that does not go out at once goes to nobody. It goes with the connection's end, in
    // one packet.
    const auto flags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;
    [[maybe_unused]] const auto sent = ::send(socket.get(), text.data(), text.size(), flags);
    ::shutdown(socket.get(), SHUT_WR);
    if (leaving_.size() == leaving_max_) {
        drain(leaving_.front().socket);
        leaving_.pop_front();
    }
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
        const wire::Refusal full{wire::RefusalReason::kTooManyConnections};
        Rendering rendering;
        rendering.keep_alive = false;
        rendering.now_seconds = second;
        answer_ = render(refusal_response(full), rendering);
        answer_second_ = second;
    }
    return answer_;
}

}  // namespace snowline::collector::net
