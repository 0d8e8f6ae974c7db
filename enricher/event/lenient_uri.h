#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace snowline::enricher {

/// Rewrites an illegal URI as the reference's lenient parser (lemonlabs scala-uri) prints it:
/// components of path, query and fragment are percent-decoded and encoded again, with invalid
/// escapes as text; scheme, user, host and port are kept. The error is the parser's message.
Result<std::string> rewrite_leniently(std::string_view text);

}  // namespace snowline::enricher
