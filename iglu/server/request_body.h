#pragma once

#include "common/http/message.h"
#include "common/json/arena.h"
#include "common/json/value.h"
#include "common/result.h"

namespace snowline::iglu::server {

/// A request's body as JSON, whatever its content type is, or the answer where it is none: 400, and
/// 422 where it nests deeper than JSON is read here.
Result<json::Value, http::Response> read_json(const http::Request& request, json::Arena& arena);

}  // namespace snowline::iglu::server
