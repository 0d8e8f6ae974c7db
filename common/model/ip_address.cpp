#include "common/model/ip_address.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace snowline::model {
namespace {

constexpr std::size_t kV4CharsMax = 15;  // Java's own limit on the short forms
constexpr std::size_t kV6CharsMax = 45;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

/// The bytes of an address literal of that family, as inet_pton parses it.
template <std::size_t kBytes>
std::optional<IpAddress> read_literal(int family, std::string_view text) {
    std::array<char, kV6CharsMax + 1> literal{};
    if (text.size() > kV6CharsMax || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::copy(text.begin(), text.end(), literal.begin());
    std::array<std::uint8_t, kBytes> bytes{};
    if (inet_pton(family, literal.data(), bytes.data()) != 1) return std::nullopt;
    return IpAddress::from_bytes(bytes);
}

/// One to four numbers; the last one fills the remaining bytes.
std::optional<IpAddress> parse_java_v4(std::string_view text, std::size_t parts_min) {
    if (text.empty() || text.size() > kV4CharsMax) return std::nullopt;
    std::array<std::uint32_t, 4> parts{};
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        if (count == parts.size() || at == end || !text::is_digit(*at)) return std::nullopt;
        const auto read = std::from_chars(at, end, parts[count]);
        if (read.ec != std::errc()) return std::nullopt;
        at = read.ptr;
        ++count;
        if (at == end) break;
        if (*at++ != '.') return std::nullopt;
    }
    if (count < parts_min) return std::nullopt;
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (parts[i] > 255) return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(parts[i]);
    }
    const std::size_t left = 4 - (count - 1);
    const std::uint64_t last = parts[count - 1];
    if (last >> (8 * left) != 0) return std::nullopt;
    for (std::size_t i = 0; i < left; ++i) {
        bytes[3 - i] = static_cast<std::uint8_t>(last >> (8 * i));
    }
    return IpAddress::from_bytes(bytes);
}

std::optional<IpAddress> parse_java_v6(std::string_view text) {
    const auto zone = text.find('%');
    if (zone != std::string_view::npos && !text::is_number(text.substr(zone + 1))) {
        return std::nullopt;
    }
    return IpAddress::parse_v6(text.substr(0, zone));
}

std::optional<IpAddress> parse_java(std::string_view text, std::size_t v4_parts_min) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        return parse_java_v6(text.substr(1, text.size() - 2));
    }
    if (text.find(':') != std::string_view::npos) return parse_java_v6(text);
    return parse_java_v4(text, v4_parts_min);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

std::optional<IpAddress> IpAddress::parse_v4(std::string_view text) {
    return read_literal<4>(AF_INET, text);
}

std::optional<IpAddress> IpAddress::parse_v6(std::string_view text) {
    return read_literal<16>(AF_INET6, text);
}

IpAddress IpAddress::from_bytes(std::span<const std::uint8_t> bytes) {
    IpAddress out;
    if (bytes.size() == 4) std::copy(kMapped.begin(), kMapped.end(), out.bytes_.begin());
    std::copy(bytes.begin(), bytes.end(), out.bytes_.end() - static_cast<long>(bytes.size()));
    return out;
}

std::span<const std::uint8_t> IpAddress::bytes() const {
    return std::span(bytes_).subspan(is_v4() ? kMapped.size() : 0);
}

bool IpAddress::is_v4() const {
    return std::memcmp(bytes_.data(), kMapped.data(), kMapped.size()) == 0;
}

IpAddress IpAddress::network(unsigned bits) const {
    IpAddress out = *this;
    const unsigned kept = is_v4() ? bits + 96 : bits;
    for (unsigned bit = kept; bit < 128; ++bit) {
        out.bytes_[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    }
    return out;
}

std::string IpAddress::to_text() const {
    const bool v4 = is_v4();
    std::array<char, 4 * 8 + 7> text;
    char* end = text.data();
    for (std::size_t i = v4 ? kMapped.size() : 0; i < bytes_.size(); i += v4 ? 1 : 2) {
        if (end != text.data()) *end++ = v4 ? '.' : ':';
        const int group = v4 ? bytes_[i] : bytes_[i] << 8 | bytes_[i + 1];
        end = std::to_chars(end, text.data() + text.size(), group, v4 ? 10 : 16).ptr;
    }
    return {text.data(), end};
}

bool AddressRange::contains(const IpAddress& address) const {
    const unsigned kept = first.is_v4() ? bits + 96 : bits;
    const auto &a = address.bytes_, &b = first.bytes_;
    const unsigned whole = kept / 8, rest = 8 - kept % 8;
    return std::memcmp(a.data(), b.data(), whole) == 0 &&
           (rest == 8 || a[whole] >> rest == b[whole] >> rest) && address.is_v4() == first.is_v4();
}

std::optional<IpAddress> parse_java_ip(std::string_view text) {
    return parse_java(text, 4);
}

std::optional<IpAddress> parse_java_ip_lenient(std::string_view text) {
    return parse_java(text, 1);
}

}  // namespace snowline::model
