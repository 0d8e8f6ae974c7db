#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace snowline::model {

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (`::ffff:…`) is IPv4, as in Java.
class IpAddress {
public:
    /// Reads strictly: no leading zeros in IPv4, no zone ids, no brackets, no ports.
    static std::optional<IpAddress> parse(std::string_view text);
    static std::optional<IpAddress> parse_v4(std::string_view text);
    static std::optional<IpAddress> parse_v6(std::string_view text);
    /// 4 or 16 bytes, in the network's order.
    static IpAddress from_bytes(std::span<const std::uint8_t> bytes);

    /// Java's getHostAddress, as events carry it: `81.2.69.142`, and IPv6 as eight groups without
    /// `::` and leading zeros, `2001:db8:0:0:0:0:0:1`.
    std::string to_text() const;
    /// 4 or 16, in the network's order, as long as the address lives.
    std::span<const std::uint8_t> bytes() const;

    bool is_v4() const;
    unsigned bits() const { return is_v4() ? 32 : 128; }
    /// Its first `bits`, the rest zero. `bits` is at most `bits()`.
    IpAddress network(unsigned bits) const;
    /// The part that usually belongs to one subscriber: an IPv4 address, an IPv6 network of 64
    /// bits.
    IpAddress subscriber() const { return is_v4() ? *this : network(64); }

    bool operator==(const IpAddress&) const = default;

private:
    friend struct AddressRange;

    std::array<std::uint8_t, 16> bytes_{};  // IPv4: mapped (::ffff:a.b.c.d)
};

/// As java.net.InetAddress reads literals: IPv4 may have leading zeros, IPv6 may stand in brackets
/// and carry the number of a zone (`fe80::1%2`).
std::optional<IpAddress> parse_java_ip(std::string_view text);

/// The same, and IPv4's short forms: `1.2.3` is 1.2.0.3. Host names are not looked up.
std::optional<IpAddress> parse_java_ip_lenient(std::string_view text);

/// A network: `10.0.0.0/8`, `2001:db8::/32`, or one address. Bits behind the first `bits` are
/// ignored.
struct AddressRange {
    IpAddress first;
    unsigned bits = 0;

    bool contains(const IpAddress& address) const;
};

}  // namespace snowline::model
