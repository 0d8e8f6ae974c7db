#pragma once

#include "common/model/ip_address.h"
#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::access {

/// What a proxy says of a connection before its first byte (HAProxy's PROXY protocol, versions 1
/// and 2).
struct ProxyHeader {
    std::optional<model::IpAddress> client;  // none: the proxy speaks for itself, or does not know
};

inline constexpr std::size_t kProxyHeaderBytesMin = 16;

/// How many bytes the header has, from its first bytes: nullopt as long as more of them are needed.
/// An error where it is no such header, or one that is longer than any proxy writes.
Result<std::optional<std::size_t>> proxy_header_size(std::string_view bytes);

/// The whole header, as long as `proxy_header_size` says.
Result<ProxyHeader> parse_proxy_header(std::string_view bytes);

}  // namespace snowline::collector::access
