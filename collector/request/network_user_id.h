#pragma once

#include "collector/request/query.h"
#include "collector/request/request.h"
#include "collector/request/settings.h"

#include <functional>
#include <string>

namespace snowline::collector {

using NewId = std::function<std::string()>;  // a fresh random UUID

struct NetworkUserId {
    std::string value;
    bool is_new = false;       // neither the request's query nor its cookies had one
    bool has_bounced = false;  // after a bounce, so the browser refuses cookies
};

/// The visitor's id: kAnonymousId where the event is anonymous, else the query's first `nuid`, else
/// the cookie, else a new one. A visitor who has bounced without a cookie gets the configured
/// fallback id, which all such visitors share.
NetworkUserId find_network_user_id(const Request& request, const Query& query, Anonymity anonymity,
                                   const RequestSettings& settings, const NewId& new_id);

inline constexpr const char* kAnonymousId = "00000000-0000-0000-0000-000000000000";

}  // namespace snowline::collector
