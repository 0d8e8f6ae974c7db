#pragma once

#include "common/config/values.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snowline::config {
class Reader;
}  // namespace snowline::config

namespace snowline::collector {

/// What requests are answered with: the reference's keys at the top of `collector { }`. A member's
/// name is the key in snake_case; what differs is said beside it.
struct RequestSettings {
    struct Ssl {
        bool enable = false;
        bool redirect = false;  // plain HTTP answers with a redirect to https
        std::uint16_t port = 443;
    } ssl;

    /// From a path that is asked for to the `/vendor/version` it stands for.
    config::StringMap paths;

    struct P3p {
        std::string policy_ref = "/w3c/p3p.xml";
        std::string cp = "NOI DSP COR NID PSA OUR IND COM NAV STA";  // key `CP`
    } p3p;

    struct CrossDomain {
        bool enabled = false;
        std::vector<std::string> domains{"*"};
        bool secure = true;
    } cross_domain;

    struct Cookie {
        bool enabled = true;
        std::string name = "sp";
        config::Duration expiration = std::chrono::hours(24 * 365);
        std::vector<std::string> domains;
        std::optional<std::string> fallback_domain;
        bool secure = true;
        bool http_only = true;
        std::optional<std::string> same_site = "None";
        std::optional<std::string> client_cookie_name;  // a second cookie that scripts may read
    } cookie;

    struct DoNotTrackCookie {
        bool enabled = false;
        std::string name;
        std::string value;  // a regular expression for the whole value
    } do_not_track_cookie;

    struct CookieBounce {
        bool enabled = false;
        std::string name = "n3pc";
        std::string fallback_network_user_id = "00000000-0000-4000-A000-000000000000";
        std::optional<std::string> forwarded_protocol_header;
    } cookie_bounce;

    bool enable_default_redirect = false;
    std::vector<std::string> redirect_domains;  // empty: all

    struct RedirectMacro {
        bool enabled = false;
        std::optional<std::string> placeholder;  // none: `${SP_NUID}`
    } redirect_macro;

    struct RootResponse {
        bool enabled = false;
        int status_code = 302;
        config::StringMap headers;
        std::string body;
    } root_response;

    struct Cors {
        config::Duration access_control_max_age = std::chrono::minutes(60);  // may be -1 s
    } cors;

    struct Hsts {
        bool enable = false;
        config::Duration max_age = std::chrono::hours(24 * 365);
    } hsts;
};

/// Reads the keys out of `collector { }`.
void read_request(const config::Reader& root, RequestSettings& settings);

}  // namespace snowline::collector
