#pragma once

#include "collector/wire/authority.h"
#include "collector/wire/path.h"
#include "collector/wire/refusal.h"
#include "common/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector::wire {

/// A request target (RFC 9112 §3.2): origin form, absolute form, or `*`.
struct Target {
    std::string raw;                     // as received
    std::string scheme;                  // absolute form only, lower case
    std::optional<Authority> authority;  // absolute form only
    Path path;                           // empty for `*` and for an absolute target without one
    std::optional<std::string> query;    // as received; present and empty for a lone `?`
};

/// Trackers send more than RFC 3986 allows, so every visible ASCII character but `#` is accepted,
/// `%` only before two hex digits. The texts of refusals are the reference's.
Result<Target, Refusal> parse_target(std::string_view raw);

}  // namespace snowline::collector::wire
