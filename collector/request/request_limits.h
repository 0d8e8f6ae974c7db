#pragma once

#include "collector/app/settings.h"
#include "collector/wire/content_coding.h"
#include "collector/wire/head.h"

#include <cstdint>

namespace snowline::collector {

/// How much of a request is read. Where the configuration has 3.x's keys, they and 3.x's status
/// codes hold; else 2.10's limits.
struct RequestLimits {
    wire::HeadLimits head;
    std::uint64_t body_bytes_max = std::uint64_t{8} << 20;
    /// Trackers send again what was answered with 413, for ever; so that is only said where
    /// `dropPayloadSize` asks for it. 400 makes them drop it.
    int too_long_body_status = 400;
    wire::DecodeLimits decoding;  // of a compressed body
};

RequestLimits request_limits(const Settings::Networking& settings, const Bounds& bounds = {});

}  // namespace snowline::collector
