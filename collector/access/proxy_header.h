#pragma once

#include "common/model/ip_address.h"
#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::access {

/// What a proxy sends of a connection before its first byte (HAProxy's PROXY protocol, versions 1
/// and 2).
struct ProxyHeader {
    std::optional<model::IpAddress> client;  // none: the proxy itself, or unknown
};

inline constexpr std::size_t kProxyHeaderBytesMin = 16;

/// The size of the header in bytes, from its first bytes; nullopt: more bytes are needed. An error
/// where it is no such header, or is longer than the limits.
Result<std::optional<std::size_t>> proxy_header_size(std::string_view bytes);

/// Parses a whole header of the size that `proxy_header_size` returned.
Result<ProxyHeader> parse_proxy_header(std::string_view bytes);

}  // namespace snowline::collector::access
