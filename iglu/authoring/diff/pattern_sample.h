#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::iglu::diff {

/// How a sample chooses where a pattern leaves a choice.
enum class Choice {
    kLeast,  // the first alternative, as few repetitions as allowed
    kMore,   // the last alternative, one repetition more
};

/// A text that a pattern probably matches; nullopt where the pattern has what this does not know
/// (lookaround, backreferences) or the text would be long. Whoever uses it checks it.
std::optional<std::string> pattern_sample(std::string_view pattern, Choice choice);

}  // namespace snowline::iglu::diff
