#pragma once

#include "common/regex/java_regex_syntax.h"

#include <optional>
#include <string>

namespace snowline::text::java_regex {

/// What the result is asked: is there a match somewhere, or is the whole text one?
enum class Question { kFind, kMatches };

/// The expression for RE2; nothing where it cannot be said there.
std::optional<std::string> write_re2(const Node& root, Question question);

/// The expression for PCRE2 (options UTF and DOLLAR_ENDONLY); the error says what cannot be said.
Result<std::string, std::string> write_pcre2(const Node& root);

}  // namespace snowline::text::java_regex
