#include "collector/request/network_user_id.h"

namespace snowline::collector {

NetworkUserId find_network_user_id(const Request& request, const Query& query, Anonymity anonymity,
                                   const RequestSettings& settings, const NewId& new_id) {
    if (anonymity == Anonymity::kAnonymous) return {.value = kAnonymousId};
    if (auto nuid = query.find_first("nuid")) return {.value = *std::move(nuid)};
    if (settings.cookie.enabled) {
        if (auto cookie = request.find_cookie(settings.cookie.name)) {
            return {.value = std::move(*cookie)};
        }
    }
    // As in the reference, even where bouncing is disabled.
    if (query.has(settings.cookie_bounce.name)) {
        return {.value = settings.cookie_bounce.fallback_network_user_id,
                .is_new = true,
                .has_bounced = true};
    }
    return {.value = new_id(), .is_new = true};
}

}  // namespace snowline::collector
