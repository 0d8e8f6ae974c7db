#pragma once

#include "collector/request/query.h"
#include "collector/request/request.h"

#include <string>
#include <vector>

namespace snowline::collector::access {

/// The app ids (`aid`) of a request's events, each once: of the query, and of the events in a
/// tracker's body. An event without one has the id "". A body that is no tracker's has no app id of
/// its own; one that is no JSON becomes a bad row, whoever sent it.
std::vector<std::string> find_app_ids(const Request& request, const Query& query);

}  // namespace snowline::collector::access
