#pragma once

#include "collector/request/request.h"

#include <string>
#include <string_view>

namespace snowline::collector {

/// `scheme://host[:port]/path` of the request, encoded; without the query.
/// `authority` is usually the request's own.
std::string effective_uri(const Request& request, std::string_view scheme,
                          const wire::Authority& authority);

/// The request's scheme: the absolute target's, else the connection's.
std::string_view effective_scheme(const Request& request);

}  // namespace snowline::collector
