#pragma once

#include <chrono>
#include <cstdint>

namespace snowline {

/// The wall clock, in milliseconds since 1970-01-01T00:00:00Z. It may jump, also backwards: what
/// measures a duration uses std::chrono::steady_clock.
inline std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace snowline
