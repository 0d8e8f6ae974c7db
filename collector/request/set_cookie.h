#pragma once

#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/settings.h"

#include <cstdint>
#include <string>

namespace snowline::collector {

/// Renews the visitor's cookie, and the copy that scripts may read where one is configured. Sets
/// none for an id that a cookie cannot hold (it came by `nuid`). Not called for anonymous events.
void add_cookies(const std::string& network_user_id, const Request& request,
                 const RequestSettings& settings, std::int64_t now_ms, Response& response);

}  // namespace snowline::collector
