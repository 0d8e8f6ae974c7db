#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// Why a request is not served by HTTP's own rules. The answer is text/plain and the connection is
/// closed, always: after one error nobody knows where the next request begins.
struct Refusal {
    int status;
    std::string text;
    std::string_view reason = "malformed";  // for metrics: one of a few constants
    std::int64_t retry_after_seconds = 0;   // 0: not said
};

}  // namespace snowline::collector::wire
