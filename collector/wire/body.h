#pragma once

#include "collector/wire/head.h"
#include "collector/wire/refusal.h"
#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

struct BodyLimits {
    std::uint64_t bytes_max = std::uint64_t{8} << 20;  // as it came, and decoded
    /// Trackers send again what was answered with 413, for ever; so that is only said where the
    /// configuration asks for it. 400 makes them drop it.
    RefusalReason too_long = RefusalReason::kBodyTooLong;
    bool decodes = true;            // false: a body stays as it came
    std::uint64_t ratio_max = 100;  // of a decoded body to what came, beyond the first 64 KiB
};

/// What a body with a Content-Encoding stands for. nullopt: it stays as it came, because it has no
/// coding, or one that nobody here knows, as at the reference.
Result<std::optional<std::string>, Refusal> decode_body(const Head& head, std::string_view body,
                                                        const BodyLimits& limits);

}  // namespace snowline::collector::wire
