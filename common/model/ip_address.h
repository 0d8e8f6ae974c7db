#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::model {

/// An IP address; IPv4 is in the first four bytes. An IPv4-mapped IPv6 address (`::ffff:…`) is
/// IPv4, as in Java.
struct IpAddress {
    enum class Family { kV4, kV6 };
    Family family = Family::kV4;
    std::array<std::uint8_t, 16> bytes{};

    bool operator==(const IpAddress&) const = default;
};

/// Four decimal numbers, or a IPv6 literal, which may carry the number of a zone (`fe80::1%2`).
std::optional<IpAddress> parse_ip(std::string_view text);

/// The same, and the short forms of IPv4 that java.net.InetAddress knows: `1.2.3` is 1.2.0.3. Host
/// names are not looked up.
std::optional<IpAddress> parse_ip_lenient(std::string_view text);

/// `81.2.69.142`; IPv6 as Java prints it, eight groups without leading zeros:
/// `2001:db8:0:0:0:0:0:1`.
std::string print_ip(const IpAddress& address);

}  // namespace snowline::model
