#pragma once

#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/settings.h"

namespace snowline::collector {

/// Adds the headers that let the sending page read the answer and the browser send its cookie: the
/// request's Origin is returned. `*` without an Origin, as in the reference. An Origin that cannot
/// be parsed gets `*` without credentials, as browsers refuse the two together.
void add_cors(const Request& request, Response& response);

/// The refusal of a well-formed request, with the CORS headers that let the sending page read the
/// status: without them its tracker would retry for ever.
Response refusal_response(const wire::Refusal& refusal, const Request& request);

/// The answer to OPTIONS.
Response preflight(const Request& request, const RequestSettings& settings);

}  // namespace snowline::collector
