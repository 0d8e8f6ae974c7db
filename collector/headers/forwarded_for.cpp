#include "collector/headers/forwarded_for.h"

#include "collector/wire/ascii.h"
#include "common/model/ip_address.h"

namespace snowline::collector::headers {

std::optional<std::vector<std::string>> parse_forwarded_for(std::string_view value) {
    std::vector<std::string> out;
    while (true) {
        const auto comma = value.find(',');
        const auto element = wire::trim(value.substr(0, comma));
        if (element == "unknown") {
            out.emplace_back(element);
        } else {
            const auto address = model::IpAddress::parse(element);
            if (!address) return std::nullopt;
            out.push_back(address->to_text());
        }
        if (comma == std::string_view::npos) return out;
        value.remove_prefix(comma + 1);
    }
}

std::optional<std::string> render_forwarded_for(std::string_view value) {
    const auto addresses = parse_forwarded_for(value);
    if (!addresses) return std::nullopt;
    std::string out;
    for (const std::string& address : *addresses) {
        if (!out.empty()) out += ", ";
        out += address;
    }
    return out;
}

std::optional<std::string> render_real_ip(std::string_view value) {
    const auto address = model::IpAddress::parse(value);
    if (!address) return std::nullopt;
    return address->to_text();
}

}  // namespace snowline::collector::headers
