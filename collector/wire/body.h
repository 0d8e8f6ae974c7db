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
    std::uint64_t bytes_max = std::uint64_t{8} << 20;  // as received, and decoded
    /// The refusal of a body that is too long. The default is 400, on which trackers drop the
    /// events; on 413 they retry for ever, so that is only used where it is configured.
    RefusalReason too_long = RefusalReason::kBodyTooLong;
    bool decodes = true;            // false: bodies are stored as received
    std::uint64_t ratio_max = 100;  // decoded bytes to received bytes, beyond the first 64 KiB
};

/// Decodes a body by its Content-Encoding. nullopt: it stays as received, because it has no coding,
/// or an unknown one, as in the reference.
Result<std::optional<std::string>, Refusal> decode_body(const Head& head, std::string_view body,
                                                        const BodyLimits& limits);

}  // namespace snowline::collector::wire
