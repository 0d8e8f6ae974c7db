#pragma once

#include "common/regex/ascii_dfa.h"
#include "common/regex/ascii_shape.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace snowline::text {

/// A regular expression in the dialect of java.util.regex (JDK 17), run by engines with bounds: RE2
/// (linear time, preceded by small automata of our own) where it can express it; PCRE2 with limits
/// on steps, depth and memory for lookaround, possessive quantifiers and backreferences. The budget
/// of steps is for a whole call, wherever in the text a match may begin; steps are counted, not
/// timed, so that results are reproducible. Immutable; shared by threads. Texts are UTF-8;
/// malformed parts (a lone surrogate, as json::Value may hold) are matched as U+FFFD.
class JavaRegex {
public:
    struct Limits {
        std::size_t pattern_bytes_max = 16 * 1024;
        std::size_t program_bytes_max = 8U << 20;  // RE2: program and its cache of states
        std::uint32_t steps_max = 1'000'000;       // of one question, each about 25 ns
        std::uint32_t depth_max = 10'000;          // PCRE2: nested backtracking points
        std::uint32_t heap_kib_max = 20 * 1024;    // PCRE2
    };
    enum class Outcome {
        kNo,
        kYes,
        kLimit,  // unknown: a limit was reached
    };
    struct Answer {
        Outcome outcome;
        std::uint32_t steps;  // steps used; 0 where an automaton of our own answered
    };

    /// The error says what is wrong with the expression, or which part is not supported.
    static Result<JavaRegex, std::string> compile(std::string_view pattern);
    static Result<JavaRegex, std::string> compile(std::string_view pattern, Limits limits);

    JavaRegex(JavaRegex&&) noexcept;
    JavaRegex& operator=(JavaRegex&&) noexcept;
    ~JavaRegex();

    /// Matcher.find: does any part of `text` match?
    Outcome find(std::string_view text) const { return find_within(text, UINT64_MAX).outcome; }
    /// The same for callers with a budget of their own: at most `steps_max` steps, and never more
    /// than the limits allow. One pass by an automaton, at most 16 bytes a step, is not counted.
    Answer find_within(std::string_view text, std::uint64_t steps_max) const {
        if (shape_ && shape_->covers(text)) return {Outcome::kYes, 0};
        return find_by_table(text, steps_max);
    }
    /// Matcher.matches: does the whole of `text` match?
    Outcome matches(std::string_view text) const {
        return matches_within(text, UINT64_MAX).outcome;
    }
    Answer matches_within(std::string_view text, std::uint64_t steps_max) const;

private:
    struct Engine;
    explicit JavaRegex(std::unique_ptr<Engine> engine);
    Answer find_by_table(std::string_view text, std::uint64_t steps_max) const;

    // Asked in this order; not all need to exist.
    std::unique_ptr<java_regex::AsciiShape> shape_;
    std::unique_ptr<java_regex::AsciiDfa> dfa_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace snowline::text
