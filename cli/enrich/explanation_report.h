#pragma once

#include "cli/enrich/explanation.h"

#include <string>

namespace snowline::cli {

/// For terminals: a block for each step, with what it read, set, added and failed on.
std::string explanation_text(const Explanation& explanation);

/// For programs: one JSON object a step and line, `{"step","name","event","depth","took_us","read",
/// "set","contexts","failed"}`. `event` is the index in the request, as in `snowline-origin-index`.
std::string explanation_json_lines(const Explanation& explanation);

}  // namespace snowline::cli
