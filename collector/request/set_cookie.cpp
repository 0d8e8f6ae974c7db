#include "collector/request/set_cookie.h"

#include "collector/headers/cookies.h"
#include "collector/headers/origin.h"
#include "common/text/time.h"

#include <algorithm>
#include <optional>

namespace snowline::collector {
namespace {

bool is_within(const std::string& host, const std::string& domain) {
    return host == domain || host.ends_with("." + domain);
}

/// The first configured domain that one of the request's origins is within.
std::optional<std::string> find_domain(const Request& request,
                                       const RequestSettings::Cookie& settings) {
    const auto* header = settings.domains.empty() ? nullptr : request.find("Origin");
    if (header != nullptr && header->reading == headers::Reading::kParsed) {
        const auto origins = headers::parse_origins(header->value);
        for (const std::string& domain : settings.domains) {
            const bool fits = std::any_of(
                origins->begin(), origins->end(),
                [&](const auto& origin) { return is_within(origin.authority.host, domain); });
            if (fits) return domain;
        }
    }
    return settings.fallback_domain;
}

std::string render_cookie(const std::string& name, const std::string& value,
                          const std::optional<std::string>& domain, bool http_only,
                          const RequestSettings::Cookie& settings, std::int64_t now_ms) {
    const std::int64_t expires = (now_ms + settings.expiration.count()) / 1000;
    std::string out = name + "=" + value + "; Expires=" + text::format_http_date(expires);
    if (domain) out += "; Domain=" + *domain;
    out += "; Path=/";
    if (settings.secure) out += "; Secure";
    if (http_only) out += "; HttpOnly";
    if (settings.same_site) out += "; SameSite=" + *settings.same_site;
    return out;
}

}  // namespace

void add_cookies(const std::string& network_user_id, const Request& request,
                 const RequestSettings& settings, std::int64_t now_ms, Response& response) {
    const RequestSettings::Cookie& cookie = settings.cookie;
    if (!cookie.enabled) return;
    const bool holdable = headers::is_cookie_value(network_user_id);
    if (!holdable) return;
    const auto domain = find_domain(request, cookie);
    response.add("Set-Cookie", render_cookie(cookie.name, network_user_id, domain, cookie.http_only,
                                             cookie, now_ms));
    if (cookie.client_cookie_name) {
        response.add("Set-Cookie", render_cookie(*cookie.client_cookie_name, network_user_id,
                                                 domain, false, cookie, now_ms));
    }
}

}  // namespace snowline::collector
