#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/load/querystring.h"

#include <string_view>

namespace snowline::enricher {

/// A form body, read as the querystring is, in UTF-8. The error is java.net.URI's message.
inline Result<std::vector<Parameter>> parse_form(std::string_view body, json::Arena& arena) {
    return parse_querystring(body, Charset::kUtf8, arena);
}

}  // namespace snowline::enricher
