#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace snowline::enricher {

/// A URI that breaks the rules, rewritten as the reference's lenient parser (lemonlabs scala-uri)
/// prints it: each component of path, query and fragment is percent-decoded and encoded anew,
/// escapes that are none count as text; scheme, user, host and port are kept. The error is the
/// parser's message.
Result<std::string> rewrite_leniently(std::string_view text);

}  // namespace snowline::enricher
