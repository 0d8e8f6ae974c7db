#pragma once

#include "common/json/arena.h"
#include "common/result.h"
#include "enricher/load/charset.h"
#include "enricher/load/parameters.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::enricher {

/// Parses a querystring or form body as the reference does: `http://localhost/?` plus the text must
/// be legal for java.net.URI; it is split at `&` and `;`, and form-decoded as bytes of `charset`.
/// Pieces without a name are left out, a `#` ends the text. The error is that class's message
/// (`Illegal character in query at index 27: http://…`).
Result<std::vector<Parameter>> parse_querystring(std::string_view text, Charset charset,
                                                 json::Arena& arena);

/// Splits and decodes a text that is known to be a legal query.
std::vector<Parameter> split_querystring(std::string_view text, Charset charset,
                                         json::Arena& arena);

/// Form-decodes one name or value: `+` is a space, %XX a byte; invalid escapes are kept.
std::string_view decode_form(std::string_view text, Charset charset, json::Arena& arena);

/// Makes a message of java.net.URI, which may quote any text, safe for a TSV, as the reference
/// does.
std::string clean_message(std::string_view message);

}  // namespace snowline::enricher
