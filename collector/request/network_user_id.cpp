#include "collector/request/network_user_id.h"

namespace snowline::collector {

NetworkUserId find_network_user_id(const Request& request, const Query& query,
                                   const Settings& settings, const NewId& new_id) {
    if (request.is_anonymous()) return {kAnonymousId, false};
    if (auto nuid = query.find_first("nuid")) return {*std::move(nuid), false};
    if (settings.cookie.enabled) {
        if (auto cookie = request.find_cookie(settings.cookie.name)) {
            return {std::move(*cookie), false};
        }
    }
    // As the reference, even where bouncing is switched off.
    if (query.has(settings.cookie_bounce.name)) {
        return {settings.cookie_bounce.fallback_network_user_id, true};
    }
    return {new_id(), true};
}

}  // namespace snowline::collector
