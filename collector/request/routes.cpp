#include "collector/request/routes.h"

#include "common/text/utf8.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace snowline::collector {
namespace {

using wire::Method;

/// `/robots.txt`, and as at the reference any character for its dot.
bool is_robots(std::string_view segment) {
    constexpr std::string_view kRobots = "robots.txt";
    return segment.size() == kRobots.size() && segment.starts_with("robots") &&
           segment.ends_with("txt");
}

bool is_gpc(const wire::Path& path) {
    return path.size() == 2 && path[0] == ".well-known" && path[1] == "gpc.json";
}

struct PlainRoute {
    std::string_view segment;
    Endpoint endpoint;
    bool answers_head;  // load balancers probe with HEAD; the reference answers 404
};
constexpr std::array kPlainRoutes{
    PlainRoute{"health", Endpoint::kHealth, true},
    PlainRoute{"sink-health", Endpoint::kSinkHealth, true},
    PlainRoute{"crossdomain.xml", Endpoint::kCrossDomain, false},
    PlainRoute{"", Endpoint::kRoot, false},
};

Endpoint find_plain(Method method, const wire::Path& path) {
    // An absolute target without a path has no segment at all, and is no route.
    if (path.size() != 1) return Endpoint::kNotFound;
    for (const PlainRoute& route : kPlainRoutes) {
        if (route.segment != path.front()) continue;
        const bool fits = method == Method::kGet || (method == Method::kHead && route.answers_head);
        return fits ? route.endpoint : Endpoint::kNotFound;
    }
    const bool robots = method == Method::kGet && is_robots(path.front());
    return robots ? Endpoint::kRobots : Endpoint::kNotFound;
}

/// The event's path, if the path is one of the event endpoints.
std::string event_path(const wire::Path& path, const Routing& routing) {
    if (path.size() == 1 && (path[0] == "i" || path[0] == "ice.png")) return "/" + path[0];
    if (path.size() != 2 || path[0].empty() || path[1].empty()) return {};
    std::string own = text::to_valid_utf8(wire::to_text(path));
    const auto& paths = routing.settings.paths;
    const auto mapped = std::find_if(paths.begin(), paths.end(),
                                     [&](const auto& pair) { return pair.first == own; });
    if (mapped != paths.end()) return mapped->second;
    const auto& allowed = routing.allowed_paths;
    const bool is_known = allowed.empty() || own.starts_with("/r/") ||
                          std::find(allowed.begin(), allowed.end(), own) != allowed.end();
    return is_known ? own : std::string();
}

}  // namespace

std::string_view name_of(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::kPixel:
            return "pixel";
        case Endpoint::kPost:
            return "post";
        case Endpoint::kPreflight:
            return "preflight";
        case Endpoint::kHealth:
            return "health";
        case Endpoint::kSinkHealth:
            return "sink-health";
        case Endpoint::kCrossDomain:
            return "crossdomain";
        case Endpoint::kRoot:
            return "root";
        case Endpoint::kRobots:
            return "robots";
        case Endpoint::kGpc:
            return "gpc";
        case Endpoint::kRedirectsDisabled:
        case Endpoint::kNotFound:
            return "none";
    }
    return "none";
}

Route find_route(const wire::Head& head, const Routing& routing) {
    Route out{.query = Query(head.target.query)};
    const wire::Path& path = head.target.path;
    const bool default_redirect = path.size() == 2 && path[0] == "r" && !path[1].empty();
    if (default_redirect && !routing.settings.enable_default_redirect) {
        out.endpoint = Endpoint::kRedirectsDisabled;
        return out;
    }
    const bool reads = head.method == Method::kGet || head.method == Method::kHead;
    if (reads && routing.has_gpc_statement && is_gpc(path)) {
        out.endpoint = Endpoint::kGpc;
        return out;
    }
    if (reads || (head.method == Method::kPost && path.size() == 2)) {
        out.path = event_path(path, routing);
        if (!out.path.empty()) {
            out.endpoint = reads ? Endpoint::kPixel : Endpoint::kPost;
            return out;
        }
    }
    const bool asks_first = head.method == Method::kOptions;
    out.endpoint = asks_first ? Endpoint::kPreflight : find_plain(head.method, path);
    return out;
}

}  // namespace snowline::collector
