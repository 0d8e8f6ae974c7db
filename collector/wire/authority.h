#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// `host[:port]` as a Host header, an Origin or an absolute target carries it.
struct Authority {
    std::string host;        // lower case, %XX decoded; an IPv6 address without its brackets
    std::uint16_t port = 0;  // 0: none given (or given as 0)
    bool is_ipv6 = false;

    bool operator==(const Authority&) const = default;
};

/// nullopt where it is none: a port beyond 65535, a character that is not allowed in a host, a bad
/// bracket. A host may be empty; `a:` (a colon without a port) is an error.
std::optional<Authority> parse_authority(std::string_view text);

/// The host with brackets and percent-encoding as needed, then `:port` unless that is 0.
std::string to_text(const Authority& authority);

}  // namespace snowline::collector::wire
