#include "common/regex/ascii_dfa.h"

#include "common/regex/ascii_set.h"
#include "common/regex/java_regex_syntax.h"
#include "common/regex/nfa.h"

#include <algorithm>
#include <map>
#include <optional>

namespace snowline::text::java_regex {
namespace {

constexpr std::size_t kNfaStatesMax = 1'000;
constexpr std::size_t kDfaStatesMax = 96;  // rows of 512 bytes

// ASCII columns only: the table leaves other characters to another engine.
std::optional<Nfa::Columns> ascii_steps(const Node& node) {
    const auto set = ascii_set(node);
    if (!set) return std::nullopt;
    return Nfa::columns_of(*set);
}

}  // namespace

// The subset construction, limited to kDfaStatesMax states.
class DfaBuilder {
public:
    static std::unique_ptr<AsciiDfa> build(const Node& root) {
        DfaBuilder builder;
        const auto accept = builder.nfa_.one({.step = NfaState::Step::kAccept});
        const auto start = builder.nfa_.add(root, *accept);
        return start ? builder.determine(*start) : nullptr;
    }

private:
    using States = std::vector<std::uint32_t>;  // sorted; states that read a character next
    using Step = NfaState::Step;
    using Seen = std::vector<bool>;
    enum class Place { kAnywhere, kBehindEnd };
    struct Closure {
        States states;
        std::uint8_t flags = 0;
        bool accepts = false, impossible = false;
    };

    // Groups bytes that are in the same sets: they have the same transitions.
    void classify() {
        std::map<std::vector<bool>, std::size_t> known;
        for (unsigned c = 0; c < 128; ++c) {
            std::vector<bool> in;
            for (const Nfa::Columns& set : nfa_.sets) in.push_back(set.test(c));
            const auto [at, is_new] = known.emplace(std::move(in), classes_.size());
            if (is_new) classes_.emplace_back();
            classes_[at->second].push_back(c);
        }
    }

    // The states reachable from `from` without reading a character.
    Closure closure(const States& from, bool at_start) const {
        Seen seen(nfa_.states.size());
        return closure(from, at_start, Place::kAnywhere, seen);
    }

    Closure closure(const States& from, bool at_start, Place place, Seen& seen) const {
        Closure out;
        States open = from;
        while (!open.empty()) {
            const std::uint32_t index = open.back();
            open.pop_back();
            if (seen[index]) continue;
            seen[index] = true;
            const NfaState& state = nfa_.states[index];
            switch (state.step) {
                case Step::kSet:
                    out.states.push_back(index);
                    break;
                case Step::kAccept:
                    out.accepts = true;
                    break;
                case Step::kInputStart:
                    if (!at_start) break;
                    [[fallthrough]];
                case Step::kNone:
                    open.insert(open.end(), state.next.begin(), state.next.end());
                    break;
                case Step::kEnd:
                    ends(behind_end(state, at_start, place, seen), AsciiDfa::kAcceptsAtEnd, out);
                    break;
                case Step::kBeforeTerminator:
                    ends(behind_end(state, at_start, place, seen),
                         AsciiDfa::kAcceptsBeforeTerminator, out);
                    break;
            }
        }
        std::sort(out.states.begin(), out.states.end());
        return out;
    }

    // States seen behind one end are shared by ends behind it, or `($)*` would loop for ever.
    Closure behind_end(const NfaState& state, bool at_start, Place place, Seen& seen) const {
        if (place == Place::kBehindEnd) return closure(state.next, at_start, place, seen);
        Seen behind(nfa_.states.size());
        return closure(state.next, at_start, Place::kBehindEnd, behind);
    }

    // Nothing may be read behind the end; expressions that try are not supported.
    static void ends(const Closure& behind, int flags, Closure& out) {
        if (behind.accepts || behind.flags != 0)
            out.flags = static_cast<std::uint8_t>(out.flags | flags);
        if (!behind.states.empty() || behind.impossible || (behind.flags != 0 && !behind.accepts)) {
            out.impossible = true;
        }
    }

    std::unique_ptr<AsciiDfa> determine(std::uint32_t start) {
        classify();
        for (std::uint16_t row = 0; row < AsciiDfa::kFinalRows; ++row) add_row(row, 0);
        // A match may also begin at any later place.
        const Closure again = closure({start}, false);
        const auto first = row_of(closure({start}, true));
        if (!first || again.impossible) return nullptr;
        dfa_->first_ = *first;
        for (std::size_t done = 0; done < found_.size(); ++done) {
            const auto [here, row] = found_[done];
            for (const std::vector<unsigned>& bytes : classes_) {
                Closure then = closure(after(here, bytes[0]), false);
                unite(then, again);
                const auto target = row_of(std::move(then));
                if (!target) return nullptr;
                for (const unsigned byte : bytes) dfa_->rows_[row + byte] = *target;
            }
        }
        return std::move(dfa_);
    }

    // Adds a row whose columns all lead to the final row `to`.
    void add_row(unsigned to, std::uint8_t flags) {
        dfa_->rows_.insert(dfa_->rows_.end(), AsciiDfa::kColumns, offset(to));
        dfa_->flags_.push_back(flags);
    }
    static std::uint16_t offset(std::size_t row) {
        return static_cast<std::uint16_t>(row * AsciiDfa::kColumns);
    }

    States after(const States& here, unsigned byte) const {
        States next;
        for (const std::uint32_t state : here) {
            if (!nfa_.sets[nfa_.states[state].set].test(byte)) continue;
            next.push_back(nfa_.states[state].next[0]);
        }
        return next;
    }

    static void unite(Closure& into, const Closure& other) {
        States all;
        std::set_union(into.states.begin(), into.states.end(), other.states.begin(),
                       other.states.end(), std::back_inserter(all));
        into.states = std::move(all);
        into.flags = static_cast<std::uint8_t>(into.flags | other.flags);
        into.accepts = into.accepts || other.accepts;
    }

    // The row of a set of states, added if it is new; nullopt beyond the limit.
    std::optional<std::uint16_t> row_of(Closure closure) {
        if (closure.impossible) return std::nullopt;
        if (closure.accepts) return offset(AsciiDfa::kYes);
        if (closure.states.empty() && closure.flags == 0) return offset(AsciiDfa::kDead);
        // States with different end flags are different.
        States key = closure.states;
        key.push_back(static_cast<std::uint32_t>(nfa_.states.size() + closure.flags));
        const auto [at, is_new] = rows_.emplace(std::move(key), offset(dfa_->flags_.size()));
        if (!is_new) return at->second;
        if (dfa_->flags_.size() >= kDfaStatesMax) return std::nullopt;
        add_row(AsciiDfa::kNotAscii, closure.flags);
        found_.emplace_back(std::move(closure.states), at->second);
        return at->second;
    }

    Nfa nfa_{&ascii_steps, kNfaStatesMax};
    std::vector<std::vector<unsigned>> classes_;
    std::map<States, std::uint16_t> rows_;
    std::vector<std::pair<States, std::uint16_t>> found_;  // rows to fill
    std::unique_ptr<AsciiDfa> dfa_{new AsciiDfa};
};

std::unique_ptr<AsciiDfa> AsciiDfa::compile(const Node& root) {
    return DfaBuilder::build(root);
}

// `$` also matches before the terminator that ends the text.
AsciiDfa::Answer AsciiDfa::find_before_terminator(std::string_view text) const {
    const std::size_t terminator = text.ends_with("\r\n") ? 2 : 1;
    std::uint32_t state = run(first_, text.substr(0, text.size() - terminator));
    if (state < kLive) return at_end(state);
    if ((flags_[state / kColumns] & kAcceptsBeforeTerminator) != 0) return Answer::kYes;
    return at_end(run(state, text.substr(text.size() - terminator)));
}

}  // namespace snowline::text::java_regex
