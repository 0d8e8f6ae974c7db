#pragma once

#include "common/regex/java_regex.h"
#include "common/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace snowline::iglu::validate {

/// Compiles a pattern, or gives the one that is in use already: the schemas of a company say the
/// same few things (of a UUID, of a date) again and again, and a compiled one takes kilobytes. What
/// no schema uses any more is forgotten. Threads may call it.
Result<std::shared_ptr<const text::JavaRegex>, std::string> shared_regex(std::string_view pattern);

}  // namespace snowline::iglu::validate
