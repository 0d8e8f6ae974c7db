#pragma once

#include "common/http/message.h"
#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"

namespace snowline::iglu::server {

/// The body parsed as JSON, whatever its content type; else the answer: 400, or 422 where it nests
/// too deep.
Result<json::Value, http::Response> read_json(const http::Request& request, json::Arena& arena);

}  // namespace snowline::iglu::server
