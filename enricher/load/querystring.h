#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/parameters.h"

namespace snowline::enricher {

/// Names and values of a querystring or form body, as the reference reads them: the text must be a
/// legal query of java.net.URI, is split at `&` and `;`, and is form-decoded; bytes are text of
/// `charset`. The error is that URI class's message (`Illegal character in query at index 27: …`).
Result<std::vector<Parameter>> parse_querystring(std::string_view text, std::string_view charset,
                                                 json::Arena& arena);

/// The second half alone, for text that is known to be a legal query.
std::vector<Parameter> split_querystring(std::string_view text, std::string_view charset,
                                         json::Arena& arena);

}  // namespace snowline::enricher
