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
    bool has_bounced = false;  // and it has been sent to find out whether cookies are taken
};

/// Who the visitor is: nobody where the event is anonymous, else the query's first `nuid`, else
/// the cookie, else someone new. Someone new who has bounced already refuses cookies, and gets the
/// id that all those share.
NetworkUserId find_network_user_id(const Request& request, const Query& query, Anonymity anonymity,
                                   const RequestSettings& settings, const NewId& new_id);

inline constexpr const char* kAnonymousId = "00000000-0000-0000-0000-000000000000";

}  // namespace snowline::collector
