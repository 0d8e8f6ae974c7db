#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/load/charset.h"
#include "enricher/load/parameters.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Names and values of a querystring or form body, as the reference reads them: put behind
/// `http://localhost/?`, the text must be legal for java.net.URI; it is split at `&` and `;`, and
/// form-decoded as bytes of `charset`. Pieces without a name are left out, a `#` ends the text.
/// The error is that class's message (`Illegal character in query at index 27: http://…`).
Result<std::vector<Parameter>> parse_querystring(std::string_view text, Charset charset,
                                                 json::Arena& arena);

/// The second half alone, for text that is known to be a legal query.
std::vector<Parameter> split_querystring(std::string_view text, Charset charset,
                                         json::Arena& arena);

/// One name or value, form-decoded: `+` is a space, %XX a byte; what is no escape stays as it is.
std::string_view decode_form(std::string_view text, Charset charset, json::Arena& arena);

/// A message of java.net.URI may quote anything: the reference makes it fit for a TSV before it
/// shows it.
std::string clean_message(std::string_view message);

}  // namespace snowline::enricher
