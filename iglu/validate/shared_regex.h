#pragma once

#include "common/regex/java_regex.h"
#include "common/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace snowline::iglu::validate {

/// Compiles a pattern, or returns the compiled one that is in use: the schemas of a company repeat
/// the same few patterns (of UUIDs, of dates), and a compiled one takes kilobytes. Freed when no
/// schema uses it. Thread-safe.
Result<std::shared_ptr<const text::JavaRegex>, std::string> shared_regex(std::string_view pattern);

}  // namespace snowline::iglu::validate
