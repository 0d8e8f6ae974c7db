#include "collector/headers/cookies.h"

#include "collector/wire/ascii.h"

#include <algorithm>

namespace snowline::collector::headers {

bool is_cookie_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return wire::is_visible(c) && c != '"' && c != ',' && c != ';' && c != '\\';
    });
}

std::vector<Cookie> parse_cookies(std::string_view value) {
    std::vector<Cookie> out;
    while (!value.empty()) {
        const auto end = std::min(value.find(';'), value.size());
        const auto pair = wire::trim(value.substr(0, end));
        value.remove_prefix(std::min(end + 1, value.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !wire::is_token(pair.substr(0, equals))) continue;
        auto text = pair.substr(equals + 1);
        if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
            text = text.substr(1, text.size() - 2);
        }
        if (!is_cookie_value(text)) continue;
        out.push_back({std::string(pair.substr(0, equals)), std::string(text)});
    }
    return out;
}

std::optional<std::string> render_cookies(std::string_view value) {
    std::string out;
    for (const Cookie& cookie : parse_cookies(value)) {
        if (!out.empty()) out += "; ";
        out += cookie.name + "=" + cookie.value;
    }
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace snowline::collector::headers
