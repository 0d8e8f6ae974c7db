#pragma once

#include "collector/request/query.h"
#include "collector/request/request.h"
#include "collector/request/settings.h"

#include <string>

namespace snowline::collector {

/// The redirect of a new visitor that tests whether the browser takes cookies: to the same URL with
/// the bounce parameter added. Of a repeated parameter only the last value is kept, at its first
/// place.
std::string bounce_location(const Request& request, const Query& query,
                            const RequestSettings& settings);

}  // namespace snowline::collector
