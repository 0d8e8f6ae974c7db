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

/// A regular expression in the dialect of java.util.regex (JDK 17), run by engines with bounds:
/// RE2 (linear time; small automata of our own before it) where the expression can be said in its
/// terms, PCRE2 with limits on steps, depth and memory where it needs lookaround, possessive
/// quantifiers or backreferences. One budget of steps is for a whole question, wherever in the text
/// a match may begin; steps are counted, not timed, so that asking again gives the same. Immutable;
/// shared by threads. Texts are UTF-8; one that is not (a lone surrogate, as json::Value may hold)
/// is matched with U+FFFD in the place of what is malformed.
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
        kLimit,  // nobody knows: a limit was hit
    };
    struct Answer {
        Outcome outcome;
        std::uint32_t steps;  // that it took; none where a table gave it
    };

    /// The error says what the expression does wrong, or what of it is not supported.
    static Result<JavaRegex, std::string> compile(std::string_view pattern);
    static Result<JavaRegex, std::string> compile(std::string_view pattern, Limits limits);

    JavaRegex(JavaRegex&&) noexcept;
    JavaRegex& operator=(JavaRegex&&) noexcept;
    ~JavaRegex();

    /// Matcher.find: does any part of `text` match?
    Outcome find(std::string_view text) const { return find_within(text, UINT64_MAX).outcome; }
    /// The same for who has a budget of its own: with so many steps, and never more than the
    /// limits say. Reading the text once by a table, 16 bytes a step at most, is not counted.
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

    // In the order that they are asked in; there need not be all.
    std::unique_ptr<java_regex::AsciiShape> shape_;
    std::unique_ptr<java_regex::AsciiDfa> dfa_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace snowline::text
