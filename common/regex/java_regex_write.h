#pragma once

#include "common/regex/java_regex_syntax.h"

#include <optional>
#include <string>

namespace snowline::text::java_regex {

/// Whether the expression is to match some part of the text or all of it.
enum class Question { kFind, kMatches };

/// The expression for RE2; nullopt where RE2 cannot express it.
std::optional<std::string> write_re2(const Node& root, Question question);

/// The expression for PCRE2 (options UTF and DOLLAR_ENDONLY); the error says what PCRE2 cannot
/// express.
Result<std::string, std::string> write_pcre2(const Node& root);

}  // namespace snowline::text::java_regex
