#pragma once

#include "collector/net/settings.h"
#include "collector/wire/body.h"
#include "collector/wire/head.h"

namespace snowline::collector {

/// Limits on the size of requests. Where the configuration has 3.x's keys, these and 3.x's status
/// codes apply; else 2.10's limits.
struct RequestLimits {
    wire::HeadLimits head;
    wire::BodyLimits body;
};

RequestLimits request_limits(const Limits& limits, const Protection& protection = {});

}  // namespace snowline::collector
