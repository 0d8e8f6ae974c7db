#pragma once

#include "common/regex/java_regex_syntax.h"

#include <bitset>
#include <optional>

namespace snowline::text::java_regex {

using AsciiSet = std::bitset<128>;

/// The ASCII characters of a set; nothing where one of them depends on Unicode's tables.
std::optional<AsciiSet> ascii_set(const Set& set);

/// The same of a node of the kind kSet; nothing, too, where letters of the other case match.
std::optional<AsciiSet> ascii_set(const Node& node);

}  // namespace snowline::text::java_regex
