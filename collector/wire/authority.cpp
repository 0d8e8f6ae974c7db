#include "collector/wire/authority.h"

#include "collector/wire/ascii.h"
#include "common/model/ip_address.h"

namespace snowline::collector::wire {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    if (digits.empty() || digits.size() > 5) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

std::optional<std::string> parse_name(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' && !is_unreserved(text[i]) && !is_sub_delimiter(text[i])) {
            return std::nullopt;
        }
    }
    auto decoded = decode_percent(text);
    if (!decoded) return std::nullopt;
    return to_lower(*decoded);
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
    Authority out;
    std::string_view host = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
        if (!model::IpAddress::parse_v6(host)) return std::nullopt;
        out.is_ipv6 = true;
        out.host = to_lower(host);
    } else {
        const auto colon = text.find(':');
        if (colon != std::string_view::npos) {
            host = text.substr(0, colon);
            rest = text.substr(colon);
        }
        auto name = parse_name(host);
        if (!name) return std::nullopt;
        out.host = std::move(*name);
    }
    if (!rest.empty()) {
        if (rest.front() != ':') return std::nullopt;
        const auto port = parse_port(rest.substr(1));
        if (!port) return std::nullopt;
        out.port = *port;
    }
    return out;
}

std::string to_text(const Authority& authority) {
    std::string out;
    if (authority.is_ipv6) {
        out = "[" + authority.host + "]";
    } else {
        for (const char c : authority.host) {
            if (is_unreserved(c) || is_sub_delimiter(c)) {
                out += c;
            } else {
                append_percent(static_cast<unsigned char>(c), out);
            }
        }
    }
    if (authority.port != 0) out += ":" + std::to_string(authority.port);
    return out;
}

}  // namespace snowline::collector::wire
