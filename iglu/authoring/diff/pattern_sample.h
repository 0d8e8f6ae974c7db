#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snowline::iglu::diff {

/// How a sample resolves a choice in a pattern.
enum class Choice {
    kLeast,  // the first alternative, as few repetitions as allowed
    kMore,   // the last alternative, one repetition more
};

/// A text that the pattern probably matches; the caller must check it. nullopt where the pattern
/// has unsupported parts (lookaround, backreferences) or the text would be long.
std::optional<std::string> pattern_sample(std::string_view pattern, Choice choice);

}  // namespace snowline::iglu::diff
