#include "collector/access/client_ip.h"

namespace snowline::collector {

std::string find_client_ip(const Request& request, Anonymity anonymity,
                           const access::Proxies& proxies) {
    if (anonymity == Anonymity::kAnonymous) return kUnknownIp;
    if (!proxies.are_unknown()) return proxies.client_of(request);
    if (const auto* forwarded = request.find("X-Forwarded-For")) {
        if (forwarded->reading == headers::Reading::kParsed) {
            return forwarded->value.substr(0, forwarded->value.find(','));
        }
    }
    if (const auto* real = request.find_readable("X-Real-Ip")) return real->value;
    return request.peer_address;
}

std::string partition_key(const std::string& client_ip, KeyedBy keyed_by, const NewId& new_id) {
    const bool by_ip = keyed_by == KeyedBy::kClientIp && client_ip != kUnknownIp;
    return by_ip ? client_ip : new_id();
}

}  // namespace snowline::collector
