#pragma once

#include "enricher/adapt/adapter.h"
#include "enricher/load/querystring.h"

#include <string_view>

namespace snowline::enricher {

/// Parses a form body like a querystring, in UTF-8. The error is java.net.URI's message, made safe
/// for a TSV.
inline Result<std::vector<Parameter>> parse_form(std::string_view body, json::Arena& arena) {
    auto pairs = parse_querystring(body, Charset::kUtf8, arena);
    if (!pairs) return unexpected(clean_message(pairs.error()));
    return pairs;
}

}  // namespace snowline::enricher
