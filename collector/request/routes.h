#pragma once

#include "collector/request/query.h"
#include "collector/request/settings.h"
#include "collector/wire/head.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace snowline::collector {

enum class Endpoint : std::uint8_t {
    kPixel,  // an event in the query, answered with a pixel
    kPost,   // events in the body
    kPreflight,
    kHealth,
    kSinkHealth,
    kCrossDomain,
    kRoot,
    kRobots,
    kGpc,                // /.well-known/gpc.json, where it is switched on
    kRedirectsDisabled,  // the default redirect path, while it is switched off
    kNotFound,
};

/// For metrics.
std::string_view name_of(Endpoint endpoint);

/// The route of a request, found once, before its body is read.
struct Route {
    Endpoint endpoint = Endpoint::kNotFound;
    std::string path{};  // of the event: decoded, mapped (kPixel and kPost only)
    Query query{};       // borrows the head that was routed
};

/// What decides which routes there are.
struct Routing {
    const RequestSettings& settings;
    const std::vector<std::string>& allowed_paths;  // of events, but for mapped ones; empty: all
    bool has_gpc_statement = false;
};

/// The head must outlive the route and not be moved: `query` borrows from it.
Route find_route(const wire::Head& head, const Routing& routing);

/// Whether a request's query or body may be an event.
constexpr bool becomes_events(Endpoint endpoint) {
    return endpoint == Endpoint::kPixel || endpoint == Endpoint::kPost;
}

/// Whether the body is read (and asked for with 100 Continue); others are skipped.
constexpr bool wants_body(Endpoint endpoint) {
    return endpoint == Endpoint::kPost;
}

}  // namespace snowline::collector
