#pragma once

#include "common/json/value.h"

#include <string>
#include <string_view>

namespace snowline::json {

/// Compact JSON as the reference prints it (circe `noSpaces`): no white space, numbers as written,
/// `"` `\` and \b \f \n \r \t escaped, other characters below U+0020 and U+007F–U+009F as \u00xx,
/// everything else verbatim; a lone surrogate becomes `?`. Appends to `out`.
void print(Value value, std::string& out);
std::string print(Value value);

/// The same with each member and item on a line of its own, two spaces deeper than what it is in,
/// for people to read; no line break at the end.
std::string print_indented(Value value);

/// A string as a JSON string with its quotes, by the same rules. Bytes that are no UTF-8 become
/// U+FFFD, so that the result is always valid.
void print_string(std::string_view text, std::string& out);
std::string quoted(std::string_view text);

}  // namespace snowline::json
