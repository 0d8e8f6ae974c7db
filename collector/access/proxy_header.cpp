#include "collector/access/proxy_header.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>

namespace snowline::collector::access {
namespace {

constexpr std::string_view kSecond("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::string_view kFirst = "PROXY ";
constexpr std::size_t kFirstBytesMax = 107;  // with its line end
constexpr std::size_t kSecondFixedBytes = 16;
constexpr std::size_t kSecondRestMax = 2048;  // addresses, and a proxy's extensions

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

Result<ProxyHeader> wrong() {
    return unexpected(std::string("no PROXY header"));
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && text::is_number(text);
}

/// `PROXY TCP4 source destination port port`, or `PROXY UNKNOWN` and anything.
Result<ProxyHeader> parse_first(std::string_view line) {
    line.remove_prefix(kFirst.size());
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return ProxyHeader{};
    std::array<std::string_view, 5> words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto space = line.find(' ');
        if ((space == std::string_view::npos) != (i + 1 == words.size())) return wrong();
        words[i] = line.substr(0, space);
        if (space != std::string_view::npos) line.remove_prefix(space + 1);
    }
    const bool is_v4 = words[0] == "TCP4";
    if (!is_v4 && words[0] != "TCP6") return wrong();
    const auto parse = is_v4 ? &model::IpAddress::parse_v4 : &model::IpAddress::parse_v6;
    const auto source = parse(words[1]);
    if (!source || !parse(words[2]) || !is_port(words[3]) || !is_port(words[4])) return wrong();
    return ProxyHeader{source};
}

Result<ProxyHeader> parse_second(std::string_view bytes) {
    constexpr unsigned kLocal = 0x20, kProxied = 0x21, kTcp4 = 0x11, kTcp6 = 0x21;
    const unsigned command = byte_at(bytes, 12);
    const unsigned family = byte_at(bytes, 13);
    const auto addresses = bytes.substr(kSecondFixedBytes);
    if (command == kLocal) return ProxyHeader{};
    if (command != kProxied) return wrong();
    const std::size_t size = family == kTcp4 ? 4 : family == kTcp6 ? 16 : 0;
    if (size == 0) return ProxyHeader{};  // a family without IP addresses
    if (addresses.size() < 2 * size + 4) return wrong();
    const auto* const first = reinterpret_cast<const std::uint8_t*>(addresses.data());
    return ProxyHeader{model::IpAddress::from_bytes({first, size})};
}

}  // namespace

Result<std::optional<std::size_t>> proxy_header_size(std::string_view bytes) {
    using Size = std::optional<std::size_t>;
    const auto begins = [&](std::string_view sign) {
        const auto size = std::min(bytes.size(), sign.size());
        return bytes.substr(0, size) == sign.substr(0, size);
    };
    const auto no_header = unexpected(std::string("no PROXY header"));
    if (begins(kFirst)) {
        const auto end = bytes.substr(0, kFirstBytesMax).find("\r\n");
        if (end != std::string_view::npos) return Size(end + 2);
        if (bytes.size() >= kFirstBytesMax) return no_header;
        return Size();
    }
    if (!begins(kSecond)) return no_header;
    if (bytes.size() < kSecondFixedBytes) return Size();
    const std::size_t rest = byte_at(bytes, 14) << 8 | byte_at(bytes, 15);
    if (rest > kSecondRestMax) return no_header;
    return Size(kSecondFixedBytes + rest);
}

Result<ProxyHeader> parse_proxy_header(std::string_view bytes) {
    if (bytes.starts_with(kSecond)) return parse_second(bytes);
    return parse_first(bytes.substr(0, bytes.size() - 2));
}

}  // namespace snowline::collector::access
