#pragma once

#include <chrono>

namespace snowline::collector::net {

struct PeerState {
    /// The end of the connection has come, or it was reset. Nobody may be there any more; or
    /// somebody waits for an answer and has nothing more to say.
    bool has_left = false;
    /// Since something came last, or since the connection was made.
    std::chrono::milliseconds silent{};
};

/// As the kernel knows it of a TCP socket; what cannot be known is as above.
PeerState state_of(int socket);

}  // namespace snowline::collector::net
