#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector {

/// An IPv4 or IPv6 address. Text is read strictly: no leading zeros in IPv4, no zone ids, no
/// brackets, no ports.
class IpAddress {
public:
    static std::optional<IpAddress> parse(std::string_view text);
    static std::optional<IpAddress> parse_v4(std::string_view text);
    static std::optional<IpAddress> parse_v6(std::string_view text);
    /// 4 or 16 bytes, in the network's order.
    static IpAddress from_bytes(std::string_view bytes);

    /// Java's getHostAddress, which events have always carried: IPv6 as eight groups without `::`
    /// and leading zeros; an IPv4-mapped address as plain IPv4.
    std::string to_text() const;

    bool is_v4() const;
    unsigned bits() const { return is_v4() ? 32 : 128; }
    /// Its first `bits`, the rest zero. `bits` is at most `bits()`.
    IpAddress network(unsigned bits) const;
    /// What one subscriber has: an IPv4 address, an IPv6 network of 64 bits.
    IpAddress subscriber() const { return is_v4() ? *this : network(64); }

    bool operator==(const IpAddress&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};  // IPv4: mapped (::ffff:a.b.c.d)
};

}  // namespace snowline::collector
