#pragma once

#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/settings.h"

#include <optional>

namespace snowline::collector {

/// The 301 to https, where `ssl.redirect` asks for one: a proxy says that the client came by plain
/// HTTP, or the request came to the plain port though there is one for TLS. It goes before every
/// route, /health included.
std::optional<Response> https_redirect(const Request& request, const RequestSettings& settings);

}  // namespace snowline::collector
