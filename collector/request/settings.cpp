#include "collector/request/settings.h"

#include "common/config/reader.h"
#include "common/text/ascii.h"

#include <algorithm>

#include <fmt/format.h>

namespace snowline::collector {
namespace {

using config::Range;
using config::Reader;

void read_ssl(const Reader& ssl, RequestSettings::Ssl& settings) {
    ssl.read("enable", settings.enable);
    ssl.read("redirect", settings.redirect);
    ssl.read("port", settings.port);
}

void read_paths(const Reader& root, config::StringMap& paths) {
    root.read("paths", paths);
    for (const auto& [from, to] : paths) {
        if (from.starts_with('/') && to.starts_with('/')) continue;
        root.error("paths", fmt::format("\"{}\" = \"{}\" is not allowed here; paths that begin "
                                        "with / are",
                                        from, to));
    }
}

void read_p3p(const Reader& p3p, RequestSettings::P3p& settings) {
    p3p.read("policyRef", settings.policy_ref);
    p3p.read("CP", settings.cp);
}

void read_cross_domain(const Reader& cross_domain, RequestSettings::CrossDomain& settings) {
    cross_domain.read("enabled", settings.enabled);
    cross_domain.read("domains", settings.domains);
    cross_domain.read("secure", settings.secure);
}

bool is_domain_character(char c) {
    return text::is_alphanumeric(c) || c == '-' || c == '.';
}

void read_cookie(const Reader& cookie, RequestSettings::Cookie& settings) {
    cookie.read("enabled", settings.enabled);
    cookie.read("name", settings.name);
    cookie.read("expiration", settings.expiration);
    cookie.read("domains", settings.domains);
    cookie.read("fallbackDomain", settings.fallback_domain);
    cookie.read("secure", settings.secure);
    cookie.read("httpOnly", settings.http_only);
    cookie.read("sameSite", settings.same_site);
    cookie.read("clientCookieName", settings.client_cookie_name);
    const std::string domain = settings.fallback_domain.value_or("");
    const auto odd = std::find_if_not(domain.begin(), domain.end(), is_domain_character);
    if (odd != domain.end()) {
        cookie.error("fallbackDomain",
                     fmt::format("contains invalid character for a domain: [{}]", *odd));
    }
}

void read_do_not_track(const Reader& cookie, RequestSettings::DoNotTrackCookie& settings) {
    cookie.read("enabled", settings.enabled);
    cookie.read("name", settings.name);
    cookie.read("value", settings.value);
}

void read_cookie_bounce(const Reader& bounce, RequestSettings::CookieBounce& settings) {
    bounce.read("enabled", settings.enabled);
    bounce.read("name", settings.name);
    bounce.read("fallbackNetworkUserId", settings.fallback_network_user_id);
    bounce.read("forwardedProtocolHeader", settings.forwarded_protocol_header);
}

void read_root_response(const Reader& response, RequestSettings::RootResponse& settings) {
    response.read("enabled", settings.enabled);
    response.read("statusCode", settings.status_code, Range{100, 599});
    response.read("headers", settings.headers);
    response.read("body", settings.body);
}

}  // namespace

void read_request(const Reader& root, RequestSettings& settings) {
    read_ssl(root.section("ssl"), settings.ssl);
    read_paths(root, settings.paths);
    read_p3p(root.section("p3p"), settings.p3p);
    read_cross_domain(root.section("crossDomain"), settings.cross_domain);
    read_cookie(root.section("cookie"), settings.cookie);
    read_do_not_track(root.section("doNotTrackCookie"), settings.do_not_track_cookie);
    read_cookie_bounce(root.section("cookieBounce"), settings.cookie_bounce);
    root.read("enableDefaultRedirect", settings.enable_default_redirect);
    root.read("redirectDomains", settings.redirect_domains);
    const Reader redirect_macro = root.section("redirectMacro");
    redirect_macro.read("enabled", settings.redirect_macro.enabled);
    redirect_macro.read("placeholder", settings.redirect_macro.placeholder);
    read_root_response(root.section("rootResponse"), settings.root_response);
    root.section("cors").read("accessControlMaxAge", settings.cors.access_control_max_age,
                              std::chrono::seconds(-1));
    const Reader hsts = root.section("hsts");
    hsts.read("enable", settings.hsts.enable);
    hsts.read("maxAge", settings.hsts.max_age);
}

}  // namespace snowline::collector
