#include "iglu/server/request_body.h"

#include "common/json/parse.h"
#include "common/text/utf8.h"
#include "iglu/server/answers.h"

namespace snowline::iglu::server {

Result<json::Value, http::Response> read_json(const http::Request& request, json::Arena& arena) {
    const auto parsed = json::parse(arena.copy(text::to_valid_utf8(request.body)), arena);
    if (parsed) return *parsed;
    const bool is_too_deep = parsed.error().kind == json::ParseError::Kind::kTooDeep;
    return unexpected(is_too_deep ? message_answer(422, kInvalid)
                                  : message_answer(400, kMalformed));
}

}  // namespace snowline::iglu::server
