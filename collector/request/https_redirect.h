#pragma once

#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/settings.h"

#include <optional>

namespace snowline::collector {

/// The 301 to https, where `ssl.redirect` asks for one: a proxy reports that the client came by
/// plain HTTP, or the request came to the plain port while there is a TLS port. Takes precedence
/// over all routes, /health included.
std::optional<Response> https_redirect(const Request& request, const RequestSettings& settings);

}  // namespace snowline::collector
