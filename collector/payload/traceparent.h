#pragma once

#include "collector/request/request.h"

#include <optional>
#include <string>
#include <string_view>

namespace snowline::collector {

/// Whether it is a `traceparent` of W3C Trace Context that may be passed on: version 00, lower-case
/// hex, ids that are not all zeros.
bool is_traceparent(std::string_view text);

/// The request's, where it has one that is valid; it becomes a header of its records.
std::optional<std::string> find_traceparent(const Request& request);

}  // namespace snowline::collector
