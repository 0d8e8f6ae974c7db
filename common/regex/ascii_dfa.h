#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace snowline::text::java_regex {

struct Node;

/// A small deterministic automaton that answers `find` for ASCII texts with one table look-up a
/// byte; a general engine spends longer on its start-up. For expressions of plain sets, repetitions
/// and alternatives that need few states, as nearly all in schemas do.
class AsciiDfa {
public:
    enum class Answer {
        kNo,
        kYes,
        kNotAscii,  // ask a general engine
    };

    /// Null where the expression is not of that kind, or needs too many states.
    static std::unique_ptr<AsciiDfa> compile(const Node& root);

    Answer find(std::string_view text) const {
        if (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
            return find_before_terminator(text);
        }
        return at_end(run(first_, text));
    }

private:
    friend class DfaBuilder;

    // A state is the offset of its row, which has a column for each byte. Final rows have no way
    // out.
    static constexpr std::uint32_t kColumns = 256;
    enum : std::uint16_t { kDead, kYes, kNotAscii, kFinalRows };
    enum : std::uint8_t { kAcceptsAtEnd = 1, kAcceptsBeforeTerminator = 2 };
    static constexpr std::uint32_t kLive = kFinalRows * kColumns;
    static_assert(static_cast<int>(Answer::kNo) == kDead &&
                  static_cast<int>(Answer::kYes) == kYes &&
                  static_cast<int>(Answer::kNotAscii) == kNotAscii);

    AsciiDfa() = default;

    // Checks for a final row every four bytes only, as a final row never leaves itself.
    std::uint32_t run(std::uint32_t state, std::string_view text) const {
        const std::uint16_t* const rows = rows_.data();
        const auto* at = reinterpret_cast<const unsigned char*>(text.data());
        const auto* const end = at + text.size();
        for (; end - at >= 4; at += 4) {
            state = rows[state + at[0]];
            state = rows[state + at[1]];
            state = rows[state + at[2]];
            state = rows[state + at[3]];
            if (state < kLive) return state;
        }
        for (; at != end; ++at) state = rows[state + *at];
        return state;
    }

    Answer at_end(std::uint32_t state) const {
        if (state >= kLive) return flags_[state / kColumns] != 0 ? Answer::kYes : Answer::kNo;
        return static_cast<Answer>(state / kColumns);
    }

    Answer find_before_terminator(std::string_view text) const;

    std::vector<std::uint16_t> rows_;
    std::vector<std::uint8_t> flags_;  // by row
    std::uint32_t first_ = 0;
};

}  // namespace snowline::text::java_regex
