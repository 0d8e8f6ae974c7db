#include "collector/net/proxy_header.h"

#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace snowline::collector::net {

namespace asio = boost::asio;

asio::awaitable<Result<access::ProxyHeader>> read_proxy_header(Socket& socket) {
    using Read = Result<access::ProxyHeader>;
    constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
    constexpr std::size_t kShortest = 15;  // `PROXY UNKNOWN` and its line end
    std::string bytes;
    std::size_t wanted = kShortest;
    while (true) {
        const std::size_t had = bytes.size();
        bytes.resize(wanted);
        const auto space = asio::buffer(bytes.data() + had, wanted - had);
        const auto [error, count] = co_await asio::async_read(socket, space, kAwait);
        if (error) co_return Read(unexpected(error.message()));
        const auto size = access::proxy_header_size(bytes);
        if (!size) co_return Read(unexpected(size.error()));
        if (*size && **size == bytes.size()) co_return access::parse_proxy_header(bytes);
        // The size of a text line is not known in advance: read byte by byte.
        wanted = *size ? **size : bytes.size() + 1;
    }
}

}  // namespace snowline::collector::net
