#include "common/model/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace snowline::model {
namespace {

constexpr std::size_t kV4CharsMax = 15;  // Java's own limit on the short forms
constexpr std::size_t kV6CharsMax = 45;

/// One to four numbers; the last one fills the bytes that the others leave.
std::optional<IpAddress> parse_v4(std::string_view text, std::size_t parts_min) {
    if (text.empty() || text.size() > kV4CharsMax) return std::nullopt;
    std::array<std::uint32_t, 4> parts{};
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        if (count == parts.size() || at == end || *at < '0' || *at > '9') return std::nullopt;
        const auto read = std::from_chars(at, end, parts[count]);
        if (read.ec != std::errc()) return std::nullopt;
        at = read.ptr;
        ++count;
        if (at == end) break;
        if (*at++ != '.') return std::nullopt;
    }
    if (count < parts_min) return std::nullopt;
    IpAddress out;
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (parts[i] > 255) return std::nullopt;
        out.bytes[i] = static_cast<std::uint8_t>(parts[i]);
    }
    const std::size_t left = 4 - (count - 1);
    const std::uint64_t last = parts[count - 1];
    if (last >> (8 * left) != 0) return std::nullopt;
    for (std::size_t i = 0; i < left; ++i) {
        out.bytes[3 - i] = static_cast<std::uint8_t>(last >> (8 * i));
    }
    return out;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
    const auto zone = text.find('%');
    if (zone != std::string_view::npos) {
        const std::string_view number = text.substr(zone + 1);
        const auto digit = [](char c) { return c >= '0' && c <= '9'; };
        if (number.empty() || !std::all_of(number.begin(), number.end(), digit)) {
            return std::nullopt;
        }
        text = text.substr(0, zone);
    }
    if (text.size() > kV6CharsMax || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::array<char, kV6CharsMax + 1> literal{};
    std::copy(text.begin(), text.end(), literal.begin());
    IpAddress out{.family = IpAddress::Family::kV6};
    if (inet_pton(AF_INET6, literal.data(), out.bytes.data()) != 1) return std::nullopt;
    constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
    if (!std::equal(kMapped.begin(), kMapped.end(), out.bytes.begin())) return out;
    IpAddress v4;
    std::copy(out.bytes.begin() + 12, out.bytes.end(), v4.bytes.begin());
    return v4;
}

std::optional<IpAddress> parse(std::string_view text, std::size_t v4_parts_min) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        return parse_v6(text.substr(1, text.size() - 2));
    }
    if (text.find(':') != std::string_view::npos) return parse_v6(text);
    return parse_v4(text, v4_parts_min);
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
    return parse(text, 4);
}

std::optional<IpAddress> parse_ip_lenient(std::string_view text) {
    return parse(text, 1);
}

std::string print_ip(const IpAddress& address) {
    const auto& b = address.bytes;
    if (address.family == IpAddress::Family::kV4) {
        return fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]);
    }
    std::string out;
    for (std::size_t i = 0; i < 16; i += 2) {
        if (i > 0) out += ':';
        out += fmt::format("{:x}", b[i] << 8 | b[i + 1]);
    }
    return out;
}

}  // namespace snowline::model
