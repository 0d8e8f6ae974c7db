#pragma once

#include "collector/request/query.h"
#include "collector/request/request.h"
#include "collector/request/settings.h"

#include <string>

namespace snowline::collector {

/// Where a new visitor is sent to find out whether the browser takes cookies: back here, with the
/// bounce parameter added. Of a repeated parameter only the last value is kept, at its first place.
std::string bounce_location(const Request& request, const Query& query,
                            const RequestSettings& settings);

}  // namespace snowline::collector
