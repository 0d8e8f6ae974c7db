#pragma once

#include "common/regex/java_regex_syntax.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snowline::text::java_regex {

/// A leaf of these ranges.
Set set_of(std::vector<Set::Range> ranges, bool negated = false);

/// The lower half of the grammar: characters, escapes, and bracketed classes, under the current
/// flags. Parser builds on it.
class CharacterReader {
public:
    explicit CharacterReader(std::string_view pattern);

protected:
    static constexpr int kDepthMax = 200;
    static constexpr std::uint32_t kEnd = UINT32_MAX;  // behind the last character

    struct Flags {
        bool ignore_case = false, multi_line = false, dot_all = false, unicode_case = false;
        bool comments = false, unix_lines = false, unicode_classes = false;
    };

    // Keeps the first error only. Moves to the end of the expression, so that all callers finish;
    // their results are discarded.
    void fail(std::string message) {
        if (!error_) error_ = std::move(message);
        at_ = chars_.size();
    }

    bool at_end() const { return at_ >= chars_.size(); }
    std::uint32_t ahead(std::size_t offset) const {
        return at_ + offset < chars_.size() ? chars_[at_ + offset] : kEnd;
    }
    // The next character; under (?x) behind white space and comments.
    std::uint32_t peek() {
        while (flags_.comments && !at_end()) {
            if (chars_[at_] == '#') {
                while (!at_end() && chars_[at_] != '\n' && chars_[at_] != '\r') ++at_;
            } else if (chars_[at_] == ' ' || (chars_[at_] >= '\t' && chars_[at_] <= '\r')) {
                ++at_;
            } else {
                break;
            }
        }
        return ahead(0);
    }
    bool take(std::uint32_t c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }

    /// A character or a range, with the other case of its letters where that matches.
    Set one(std::uint32_t first, std::uint32_t last) const;
    /// \d, \p{…} and so on; nullopt where the escape is none of them. `at_` is behind the
    /// backslash.
    std::optional<Set> predefined_set();
    /// The character that an escape stands for; `at_` is behind the backslash.
    std::uint32_t escaped_character();
    /// `at_` is behind `[`. `closes`: it ends with its own `]` (the right side of && does not).
    Set character_class(bool closes, int depth);

    std::vector<std::uint32_t> chars_;
    std::size_t at_ = 0;
    std::optional<std::string> error_;
    Flags flags_;

private:
    Set named(std::string_view name);
    Set property(bool negated);
    std::uint32_t named_character();
    std::uint32_t octal();
    std::uint32_t hex_digits(int count, const char* message);
    std::uint32_t hexadecimal();
    std::uint32_t unicode();
    void intersection(std::optional<Set>& all, int depth);
    Set class_items();
    Set class_item();
};

bool is_digit(std::uint32_t c);
bool is_letter(std::uint32_t c);  // of ASCII

}  // namespace snowline::text::java_regex
