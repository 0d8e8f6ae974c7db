#pragma once

#include "common/regex/ascii_set.h"
#include "common/regex/java_regex_syntax.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace snowline::text::java_regex {

/// One state of the nondeterministic automaton; kNone consumes nothing (an epsilon state).
struct NfaState {
    enum class Step : std::uint8_t { kNone, kSet, kInputStart, kEnd, kBeforeTerminator, kAccept };
    Step step = Step::kNone;
    std::uint32_t set = 0;  // index, of kSet
    std::vector<std::uint32_t> next{};
};

/// Thompson's construction for expressions of sets, repetitions, alternatives and the text's ends.
/// It works from the end: each part is built with its successor known.
class Nfa {
public:
    /// The characters of a set: a column for each ASCII character, and one for all others.
    static constexpr std::size_t kOthers = 128;
    using Columns = std::bitset<kOthers + 1>;
    static Columns columns_of(const AsciiSet& set);

    /// The characters that a kSet node matches; nullopt where they cannot be given as columns.
    using Reads = std::optional<Columns> (*)(const Node& node);

    Nfa(Reads reads, std::size_t states_max) : reads_(reads), states_max_(states_max) {}

    /// The first state of `node`, whose last one leads to `next`; nullopt where it cannot be
    /// expressed, or takes too many states.
    std::optional<std::uint32_t> add(const Node& node, std::uint32_t next);
    std::optional<std::uint32_t> one(NfaState state);

    std::vector<NfaState> states;
    std::vector<Columns> sets;

private:
    std::optional<std::uint32_t> set(const Node& node, std::uint32_t next);
    std::optional<std::uint32_t> concatenation(const Node& node, std::uint32_t next);
    std::optional<std::uint32_t> alternation(const Node& node, std::uint32_t next);
    std::optional<std::uint32_t> repeat(const Node& node, std::uint32_t next);

    Reads reads_;
    std::size_t states_max_;
};

}  // namespace snowline::text::java_regex
