#include "collector/net/request_limits.h"

#include <algorithm>

namespace snowline::collector {

RequestLimits request_limits(const Limits& limits, const Protection& protection) {
    constexpr std::size_t kLineWithoutTarget = sizeof("OPTIONS  HTTP/1.1") - 1;
    RequestLimits out;
    out.head.lines_max = static_cast<std::size_t>(protection.max_header_count);
    if (limits.max_request_line_length) {
        const auto line = static_cast<std::size_t>(*limits.max_request_line_length);
        out.head.target_bytes_max = line - std::min(line, kLineWithoutTarget);
        out.head.too_long_is_bad_request = true;
    }
    if (limits.max_headers_length) {
        out.head.head_bytes_max =
            static_cast<std::size_t>(*limits.max_headers_length) + out.head.target_bytes_max;
        out.head.too_long_is_bad_request = true;
    }
    if (limits.drop_payload_size) {
        out.body.bytes_max = static_cast<std::uint64_t>(*limits.drop_payload_size);
        out.body.too_long = wire::RefusalReason::kConfiguredBodyTooLong;
    }
    out.body.decodes = protection.decompress;
    out.body.ratio_max = static_cast<std::uint64_t>(protection.max_decompression_ratio);
    return out;
}

}  // namespace snowline::collector
