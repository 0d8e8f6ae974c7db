#include "collector/request/redirect.h"

#include "collector/wire/ascii.h"
#include "common/text/utf8.h"

#include <algorithm>

namespace snowline::collector {
namespace {

/// How a browser cleans a URL before parsing (WHATWG URL §4.4): drops leading control characters
/// and spaces, and all tabs and line breaks.
std::string as_browsers_read(std::string_view url) {
    const auto first = std::find_if(url.begin(), url.end(),
                                    [](char c) { return static_cast<unsigned char>(c) > 0x20; });
    std::string out(first, url.end());
    std::erase_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    return out;
}

/// Lower case, without the colon; empty where there is none.
std::string scheme_of(std::string_view url) {
    if (url.empty() || !wire::is_alpha(url.front())) return {};
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (c == ':') return wire::to_lower(url.substr(0, i));
        if (!wire::is_alpha(c) && !wire::is_digit(c) && c != '+' && c != '-' && c != '.') return {};
    }
    return {};
}

/// The host that a browser would connect to: it reads backslashes as slashes, and skips everything
/// before the last `@`. nullopt where the URL has no `//`.
std::optional<std::string> host_of(std::string url) {
    std::replace(url.begin(), url.end(), '\\', '/');
    const auto begin = url.find(':') + 1;
    if (url.compare(begin, 2, "//") != 0) return std::nullopt;
    std::string authority = url.substr(begin + 2);
    authority.resize(std::min(authority.find_first_of("/?#"), authority.size()));
    const auto user_end = authority.rfind('@');
    if (user_end != std::string::npos) authority.erase(0, user_end + 1);
    const auto port = authority.rfind(':');
    if (port != std::string::npos && !authority.ends_with(']')) authority.resize(port);
    return authority;
}

bool may_be_followed(const std::string& url, const RequestSettings& settings) {
    const std::string read = as_browsers_read(url);
    const std::string scheme = scheme_of(read);
    const bool web = scheme == "http" || scheme == "https";
    const auto& domains = settings.redirect_domains;
    if (domains.empty()) return web || scheme.empty();
    if (!web) return false;
    const auto host = host_of(read);
    return host && std::find(domains.begin(), domains.end(), *host) != domains.end();
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    if (what.empty()) return;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
        text.replace(at, what.size(), with);
    }
}

}  // namespace

std::optional<std::string> redirect_location(const Query& query, const std::string& network_user_id,
                                             const RequestSettings& settings) {
    auto target = query.find_last("u");
    if (!target) return std::nullopt;
    std::string location = *std::move(target);
    if (settings.redirect_macro.enabled) {
        replace_all(location, settings.redirect_macro.placeholder.value_or("${SP_NUID}"),
                    network_user_id);
    }
    // Checks the filled-in URL, as the id comes from the request, too.
    if (!may_be_followed(location, settings)) return std::nullopt;
    return location;
}

std::string header_bytes(std::string_view utf8) {
    std::string out;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t begin = at;
        const std::uint32_t character = text::decode_utf8(utf8, at);
        if (character <= 0xFF) {
            out += static_cast<char>(character);
        } else {
            for (const char c : utf8.substr(begin, at - begin)) {
                wire::append_percent(static_cast<unsigned char>(c), out);
            }
        }
    }
    return out;
}

}  // namespace snowline::collector
