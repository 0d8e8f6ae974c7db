#include "collector/net/peer_state.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace snowline::collector::net {

PeerState state_of(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
    return {info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE,
            std::chrono::milliseconds(info.tcpi_last_data_recv)};
}

}  // namespace snowline::collector::net
