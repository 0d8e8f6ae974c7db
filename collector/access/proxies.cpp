#include "collector/access/proxies.h"

#include "collector/wire/ascii.h"

#include <algorithm>
#include <string_view>

namespace snowline::collector::access {
namespace {

std::string_view without_quotes(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

/// An address, with optional brackets and port.
std::optional<model::IpAddress> parse_node(std::string_view text) {
    text = without_quotes(wire::trim(text));
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        return end == std::string_view::npos ? std::nullopt
                                             : model::IpAddress::parse_v6(text.substr(1, end - 1));
    }
    if (const auto address = model::IpAddress::parse(text)) return address;
    const auto colon = text.find(':');
    const bool has_port = colon != std::string_view::npos && colon == text.rfind(':');
    return has_port ? model::IpAddress::parse_v4(text.substr(0, colon)) : std::nullopt;
}

/// `for=` of one element of a Forwarded header (RFC 7239).
std::optional<model::IpAddress> parse_forwarded(std::string_view element) {
    while (!element.empty()) {
        const auto end = element.find(';');
        const auto pair = wire::trim(element.substr(0, end));
        const auto equals = pair.find('=');
        const bool is_for = equals != std::string_view::npos &&
                            wire::equal_ignoring_case(pair.substr(0, equals), "for");
        if (is_for) return parse_node(pair.substr(equals + 1));
        element.remove_prefix(end == std::string_view::npos ? element.size() : end + 1);
    }
    return std::nullopt;
}

/// The elements of all headers of that name, from right to left. Splits at every comma, as
/// addresses hold none.
std::vector<std::string_view> elements_from_right(const Request& request, std::string_view name) {
    std::vector<std::string_view> out;
    for (const wire::HeaderLine& line : request.head.lines) {
        if (!wire::equal_ignoring_case(line.name, name)) continue;
        std::string_view rest = line.value;
        while (true) {
            const auto comma = rest.find(',');
            out.push_back(rest.substr(0, comma));
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace

Proxies::Proxies(const AccessSettings& settings) : header_(settings.address_header) {
    for (const std::string& text : settings.proxies) ranges_.push_back(*parse_address_range(text));
}

bool Proxies::contain(const model::IpAddress& address) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [&](const auto& range) { return range.contains(address); });
}

std::string Proxies::client_of(const Request& request) const {
    auto client = model::IpAddress::parse(request.peer_address);
    if (!client || !contain(*client)) return request.peer_address;
    for (const auto element : elements_from_right(request, name_of(header_))) {
        const auto heard_from =
            header_ == AddressHeader::kForwarded ? parse_forwarded(element) : parse_node(element);
        if (!heard_from) break;
        client = heard_from;
        if (!contain(*client)) break;
    }
    return client->to_text();
}

}  // namespace snowline::collector::access
