#include "collector/headers/origin.h"

#include "collector/wire/ascii.h"

#include <algorithm>

namespace snowline::collector::headers {
namespace {

std::optional<Origin> parse_origin(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos || end == 0 || !wire::is_alpha(text.front())) {
        return std::nullopt;
    }
    const auto scheme = text.substr(0, end);
    const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return wire::is_alpha(c) || wire::is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    auto authority = wire::parse_authority(text.substr(end + 3));
    if (!valid || !authority) return std::nullopt;
    return Origin{wire::to_lower(scheme), std::move(*authority)};
}

}  // namespace

std::optional<std::vector<Origin>> parse_origins(std::string_view value) {
    std::vector<Origin> out;
    if (value == "null") return out;
    while (true) {
        const auto space = value.find(' ');
        auto origin = parse_origin(value.substr(0, space));
        if (!origin) return std::nullopt;
        out.push_back(std::move(*origin));
        if (space == std::string_view::npos) return out;
        value = wire::trim(value.substr(space + 1));
    }
}

std::optional<std::string> render_origins(std::string_view value) {
    const auto origins = parse_origins(value);
    if (!origins) return std::nullopt;
    if (origins->empty()) return "null";
    std::string out;
    for (const Origin& origin : *origins) {
        if (!out.empty()) out += ' ';
        out += origin.scheme + "://" + wire::to_text(origin.authority);
    }
    return out;
}

}  // namespace snowline::collector::headers
