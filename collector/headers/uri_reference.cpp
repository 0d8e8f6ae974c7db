#include "collector/headers/uri_reference.h"

#include "collector/wire/ascii.h"
#include "collector/wire/authority.h"
#include "collector/wire/path.h"

#include <algorithm>
#include <array>

namespace snowline::collector::headers {
namespace {

struct DefaultPort {
    std::string_view scheme;
    std::uint16_t port;
};
constexpr std::array<DefaultPort, 5> kDefaultPorts{
    DefaultPort{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21},
};

/// The scheme before the first colon, where the reference's parser would see one.
std::string_view scheme_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !wire::is_alpha(text.front())) return {};
    const auto scheme = text.substr(0, colon);
    const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return wire::is_alpha(c) || wire::is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return valid ? scheme : std::string_view{};
}

std::optional<std::string> render_authority(std::string_view text, std::string_view scheme) {
    auto authority = wire::parse_authority(text);
    if (!authority) return std::nullopt;
    for (const DefaultPort& known : kDefaultPorts) {
        if (known.scheme == scheme && known.port == authority->port) authority->port = 0;
    }
    return wire::to_text(*authority);
}

std::optional<std::string> render_path(std::string_view text) {
    if (text.empty()) return std::string();
    const bool rooted = text.front() == '/';
    const auto path = wire::parse_path(rooted ? std::string(text) : "/" + std::string(text));
    if (!path) return std::nullopt;
    const std::string encoded = wire::to_encoded(*path);
    return rooted ? encoded : encoded.substr(1);
}

}  // namespace

std::optional<std::string> render_uri_reference(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return wire::is_visible(c) && c != '#'; });
    if (!plain || !wire::decode_percent(text)) return std::nullopt;

    std::string out = wire::to_lower(scheme_of(text));
    std::string_view rest = text.substr(out.empty() ? 0 : out.size() + 1);
    const std::string scheme = out;
    if (!out.empty()) out += ':';
    if (rest.starts_with("//")) {
        const auto end = std::min(rest.find_first_of("/?", 2), rest.size());
        const auto authority = render_authority(rest.substr(2, end - 2), scheme);
        if (!authority) return std::nullopt;
        out += "//" + *authority;
        rest.remove_prefix(end);
    }
    const auto mark = std::min(rest.find('?'), rest.size());
    const auto path = render_path(rest.substr(0, mark));
    if (!path) return std::nullopt;
    out += *path;
    if (mark < rest.size()) out += "?" + wire::to_encoded_query(rest.substr(mark + 1));
    return out;
}

}  // namespace snowline::collector::headers
