#pragma once

#include "collector/access/proxies.h"
#include "collector/request/network_user_id.h"
#include "collector/request/request.h"

#include <cstdint>
#include <string>

namespace snowline::collector {

inline constexpr const char* kUnknownIp = "unknown";

/// The client's address; `unknown` where the event is anonymous. With configured proxies: what
/// these report. Else the first of X-Forwarded-For, else X-Real-Ip, else the peer's address; a
/// header that cannot be parsed counts as absent.
std::string find_client_ip(const Request& request, Anonymity anonymity,
                           const access::Proxies& proxies);

/// What the key of a request's records is.
enum class KeyedBy : std::uint8_t { kRandomId, kClientIp };

/// The key of the request's records: the client's address where so configured and known, else a
/// random id.
std::string partition_key(const std::string& client_ip, KeyedBy keyed_by, const NewId& new_id);

}  // namespace snowline::collector
