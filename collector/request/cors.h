#pragma once

#include "collector/request/request.h"
#include "collector/request/response.h"
#include "collector/request/settings.h"

namespace snowline::collector {

/// Lets the page that sent the request read the answer, and the browser send its cookie: the
/// request's Origin comes back. Without an Origin no browser looks, and `*` is sent as ever; an
/// Origin that cannot be read gets `*` without credentials, which browsers would refuse together.
void add_cors(const Request& request, Response& response);

/// The refusal of a request that is in order. The page that sent it may read why, or it would send
/// it for ever.
Response refusal_response(const wire::Refusal& refusal, const Request& request);

/// The answer to OPTIONS.
Response preflight(const Request& request, const RequestSettings& settings);

}  // namespace snowline::collector
