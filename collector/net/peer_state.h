#pragma once

#include <chrono>

namespace snowline::collector::net {

struct PeerState {
    /// The peer has closed its side, or the connection was reset. The client may be gone, or wait
    /// for an answer with nothing more to send.
    bool has_left = false;
    /// Time since the last byte came, or since the connection was made.
    std::chrono::milliseconds silent{};
};

/// The kernel's state of a TCP socket; defaults where it cannot be read.
PeerState state_of(int socket);

}  // namespace snowline::collector::net
