#include "collector/service/service.h"

#include "collector/access/client_ip.h"
#include "collector/payload/collector_name.h"
#include "collector/payload/payload_of.h"
#include "collector/payload/traceparent.h"
#include "collector/request/cookie_bounce.h"
#include "collector/request/cors.h"
#include "collector/request/https_redirect.h"
#include "collector/request/redirect.h"
#include "collector/request/set_cookie.h"
#include "collector/wire/ascii.h"
#include "common/regex/java_regex.h"
#include "common/text/base64.h"

#include <stdexcept>

namespace snowline::collector {
namespace {

/// One transparent pixel.
const std::string& pixel() {
    static const std::string bytes =
        *text::decode_base64("R0lGODlhAQABAPAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");
    return bytes;
}

/// A value that hits the regex limits counts as a match: not tracked.
bool is_match(const text::JavaRegex& pattern, std::string_view value) {
    return pattern.matches(value) != text::JavaRegex::Outcome::kNo;
}

Response not_found() {
    return plain_response(404, "404 not found");
}

Response health(bool healthy) {
    return healthy ? plain_response(200, "OK") : plain_response(503, "Service Unavailable");
}

Response cross_domain(const RequestSettings::CrossDomain& settings) {
    if (!settings.enabled) return not_found();
    std::string lines;
    for (const std::string& domain : settings.domains) {
        if (!lines.empty()) lines += '\n';
        lines += "  <allow-access-from domain=\"" + domain + "\" secure=\"" +
                 (settings.secure ? "true" : "false") + "\" />";
    }
    Response out;
    out.content_type = "text/xml; charset=ISO-8859-1";
    out.body =
        "<?xml version=\"1.0\"?>\n<cross-domain-policy>\n" + lines + "\n</cross-domain-policy>";
    return out;
}

/// Global Privacy Control's statement of support.
Response gpc_statement(const PrivacySettings& settings) {
    Response out;
    out.content_type = "application/json";
    out.body = R"({"gpc":true,"lastUpdate":")" + *settings.gpc_last_update + "\"}";
    return out;
}

Response root(const RequestSettings::RootResponse& settings) {
    if (!settings.enabled) return not_found();
    Response out = plain_response(settings.status_code, settings.body);
    for (const auto& [name, value] : settings.headers) {
        // A configured Content-Type is ignored, as in the reference.
        if (!wire::equal_ignoring_case(name, "Content-Type")) out.add(name, value);
    }
    return out;
}

}  // namespace

struct Service::DoNotTrack {
    std::string name;
    text::JavaRegex pattern;
};

Service::Service(ServiceSettings settings)
    : settings_(std::move(settings)),
      routing_{.settings = settings_,
               .allowed_paths = settings_.access.paths,
               .has_gpc_statement = settings_.privacy.gpc_last_update.has_value()},
      collector_(collector_name(settings_.sink)),
      proxies_(settings_.access) {
    const auto& cookie = settings_.do_not_track_cookie;
    if (!cookie.enabled) return;
    auto pattern = text::JavaRegex::compile(cookie.value);
    if (!pattern) throw std::invalid_argument("doNotTrackCookie.value: " + pattern.error());
    do_not_track_ = std::make_unique<DoNotTrack>(DoNotTrack{cookie.name, std::move(*pattern)});
}

Service::~Service() = default;

Reply Service::handle(const Request& request, const Route& found, const Moment& moment,
                      const NewId& new_id) const {
    Reply reply;
    if (auto moved = https_redirect(request, settings_)) {
        reply.response = std::move(*moved);
    } else if (becomes_events(found.endpoint)) {
        reply = collect(request, found, moment, new_id);
    } else {
        reply.response = plain_answer(found.endpoint, request, moment);
    }
    if (settings_.hsts.enable) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(settings_.hsts.max_age);
        reply.response.add("Strict-Transport-Security", "max-age=" + std::to_string(age.count()));
    }
    return reply;
}

Reply Service::collect(const Request& request, const Route& route, const Moment& moment,
                       const NewId& new_id) const {
    const privacy::Decision decision = privacy::decide(request, settings_.privacy);
    const Anonymity anonymity = decision.anonymity();
    const Query& query = route.query;
    const NetworkUserId id = find_network_user_id(request, query, anonymity, settings_, new_id);
    const bool redirects = is_redirect(route.path);
    const bool is_pixel = route.endpoint == Endpoint::kPixel;
    const bool bounces =
        settings_.cookie_bounce.enabled && id.is_new && !id.has_bounced && is_pixel && !redirects;
    const auto dnt_cookie = do_not_track_ ? request.find_cookie(do_not_track_->name) : std::nullopt;
    const bool do_not_track = decision.action == SignalPolicy::kDrop ||
                              (dnt_cookie && is_match(do_not_track_->pattern, *dnt_cookie));

    Reply reply;
    reply.privacy = privacy::applied(request, settings_.privacy, decision);
    if (!bounces && !do_not_track) {
        const std::string ip =
            privacy::reduce_ip(find_client_ip(request, anonymity, proxies_), settings_.privacy.ip);
        const EventFacts facts{route.path, ip, id.value, moment.now_ms, collector_};
        const privacy::HeaderRules rules(settings_.privacy, decision);
        const auto payload = payload_of(request, facts, rules);
        if (!payload) {  // a charset that nobody knows
            reply.response = not_found();
            return reply;
        }
        const SplitLimits limits{settings_.record_bytes_max, moment.now_ms};
        const auto body_bytes_max = settings_.body_bytes_max;
        const auto body_bytes = static_cast<std::int64_t>(request.body.size());
        reply.records = body_bytes_max && body_bytes > *body_bytes_max
                            ? refuse_body(*payload, *body_bytes_max, limits)
                            : split(*payload, limits);
        reply.partition_key = partition_key(ip, settings_.keyed_by, new_id);
        if (rules.keeps("traceparent")) reply.traceparent = find_traceparent(request);
    }

    Response& response = reply.response;
    if (redirects) {
        const auto location = redirect_location(query, id.value, settings_);
        response.status = location ? 302 : 400;
        if (location) response.add("Location", header_bytes(*location));
    } else if (bounces) {
        response.status = 302;
        response.add("Location", bounce_location(request, query, settings_));
    } else if (is_pixel) {
        response.content_type = "image/gif";
        response.body = pixel();
    } else {
        response = plain_response(200, "ok");
    }
    if (!do_not_track && anonymity == Anonymity::kNone) {
        add_cookies(id.value, request, settings_, moment.now_ms, response);
    }
    if (is_pixel) response.add("Cache-Control", "no-cache, no-store, must-revalidate");
    response.add("P3P",
                 "policyref=\"" + settings_.p3p.policy_ref + "\", CP=\"" + settings_.p3p.cp + "\"");
    add_cors(request, response);
    return reply;
}

Response Service::plain_answer(Endpoint endpoint, const Request& request,
                               const Moment& moment) const {
    switch (endpoint) {
        case Endpoint::kPixel:
        case Endpoint::kPost:
            break;  // handled by `collect`
        case Endpoint::kPreflight:
            return preflight(request, settings_);
        case Endpoint::kHealth:
            return health(moment.healthy);
        case Endpoint::kSinkHealth:
            return health(moment.sinks_healthy);
        case Endpoint::kCrossDomain:
            return cross_domain(settings_.cross_domain);
        case Endpoint::kRoot:
            return root(settings_.root_response);
        case Endpoint::kGpc:
            return gpc_statement(settings_.privacy);
        case Endpoint::kRobots:
            return plain_response(200, "User-agent: *\nDisallow: /");
        case Endpoint::kRedirectsDisabled:
            return plain_response(404, "redirects disabled");
        case Endpoint::kNotFound:
            break;
    }
    return not_found();
}

}  // namespace snowline::collector
