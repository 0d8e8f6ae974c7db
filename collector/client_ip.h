#pragma once

#include "collector/network_user_id.h"
#include "collector/request.h"
#include "collector/settings.h"

#include <string>

namespace snowline::collector {

inline constexpr const char* kUnknownIp = "unknown";

/// The client's address: X-Forwarded-For's first, else X-Real-Ip, else the peer; `unknown` where
/// the request is anonymous. A header that cannot be read counts as absent.
std::string find_client_ip(const Request& request);

/// What places the request's records: the address where so configured and known, else a random id.
std::string partition_key(const std::string& client_ip, const Settings& settings,
                          const NewId& new_id);

}  // namespace snowline::collector
