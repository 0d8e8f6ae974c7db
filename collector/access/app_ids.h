#pragma once

#include "collector/request/query.h"
#include "collector/request/request.h"

#include <string>
#include <vector>

namespace snowline::collector::access {

/// The distinct app ids (`aid`) of a request's events: of the query, and of the events in a
/// tracker's body. An event without one has the id "". The body of another sender has no app ids of
/// its own; a body that is no JSON becomes a bad row later, whatever its app id.
std::vector<std::string> find_app_ids(const Request& request, const Query& query);

}  // namespace snowline::collector::access
