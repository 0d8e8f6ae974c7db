#pragma once

#include "collector/access/proxies.h"
#include "collector/request/network_user_id.h"
#include "collector/request/request.h"

#include <cstdint>
#include <string>

namespace snowline::collector {

inline constexpr const char* kUnknownIp = "unknown";

/// The client's address; `unknown` where the event is anonymous. Where proxies are named: what
/// they say. Else X-Forwarded-For's first, else X-Real-Ip, else the peer; a header that cannot be
/// read counts as absent.
std::string find_client_ip(const Request& request, Anonymity anonymity,
                           const access::Proxies& proxies);

/// What the records of a request have as their key.
enum class KeyedBy : std::uint8_t { kRandomId, kClientIp };

/// What places the request's records: the address where so configured and known, else a random id.
std::string partition_key(const std::string& client_ip, KeyedBy keyed_by, const NewId& new_id);

}  // namespace snowline::collector
