#pragma once

#include "collector/net/settings.h"
#include "collector/wire/body.h"
#include "collector/wire/head.h"

namespace snowline::collector {

/// How much of a request is read. Where the configuration has 3.x's keys, they and 3.x's status
/// codes hold; else 2.10's limits.
struct RequestLimits {
    wire::HeadLimits head;
    wire::BodyLimits body;
};

RequestLimits request_limits(const Limits& limits, const Protection& protection = {});

}  // namespace snowline::collector
