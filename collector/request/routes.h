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
    kPixel,  // an event in the query; the answer is a pixel
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

/// Where a request goes. Found once, before its body is read.
struct Route {
    Endpoint endpoint = Endpoint::kNotFound;
    std::string path{};  // of the event: decoded, mapped (kPixel and kPost only)
    Query query{};       // borrows the head that was routed
};

/// Which routes there are.
struct Routing {
    const RequestSettings& settings;
    const std::vector<std::string>& allowed_paths;  // of events, but for mapped ones; empty: all
    bool has_gpc_statement = false;
};

/// The head must outlive the route, and stay where it is.
Route find_route(const wire::Head& head, const Routing& routing);

/// An event may be in the query or in the body.
constexpr bool becomes_events(Endpoint endpoint) {
    return endpoint == Endpoint::kPixel || endpoint == Endpoint::kPost;
}

/// Only then is a body read (and asked for with 100 Continue); others are skipped.
constexpr bool wants_body(Endpoint endpoint) {
    return endpoint == Endpoint::kPost;
}

}  // namespace snowline::collector
