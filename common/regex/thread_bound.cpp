#include "common/regex/thread_bound.h"

#include "common/regex/nfa.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace snowline::text::java_regex {
namespace {

using Kind = Node::Kind;
using Step = NfaState::Step;
using States = std::vector<std::uint32_t>;  // sorted; states that read a character next

// One visit of a state of the automaton is a step of the walk: some nanoseconds.
constexpr std::size_t kWalkStepsMax = 2'000'000;

bool has_property(const Set& set) {
    return !set.properties.empty() ||
           std::any_of(set.operands.begin(), set.operands.end(), has_property);
}

bool may_hold_others(const Set& set) {
    if (set.negated) return true;
    switch (set.operation) {
        case Set::Operation::kUnion:
            return may_hold_others(set.operands[0]) || may_hold_others(set.operands[1]);
        case Set::Operation::kIntersection:
            return may_hold_others(set.operands[0]) && may_hold_others(set.operands[1]);
        case Set::Operation::kLeaf:
            break;
    }
    return std::any_of(set.ranges.begin(), set.ranges.end(),
                       [](const Set::Range& range) { return range.last > 127; });
}

// A superset of the characters that the set holds.
std::optional<Nfa::Columns> at_most(const Node& node) {
    if (node.fold != Fold::kNone || has_property(node.set)) return Nfa::Columns().set();
    Nfa::Columns columns = Nfa::columns_of(ascii_set(node.set).value());
    columns.set(Nfa::kOthers, may_hold_others(node.set));
    return columns;
}

// The subset construction, for the size of its subsets. All characters beyond ASCII are one column,
// so that the subsets are supersets of the real ones.
class Walk {
public:
    std::size_t run(const Node& root) {
        const auto accept = nfa_.one({.step = Step::kAccept});
        const auto start = nfa_.add(root, *accept);
        if (!start) return kThreadsMax;
        classify();
        const States again = closure({*start}, false);
        visit(closure({*start}, true));
        while (!open_.empty() && steps_ < kWalkStepsMax) {
            const States here = std::move(open_.back());
            open_.pop_back();
            for (const std::size_t column : columns_) {
                States then = closure(after(here, column), false);
                States all;
                std::set_union(then.begin(), then.end(), again.begin(), again.end(),
                               std::back_inserter(all));
                visit(std::move(all));
            }
        }
        return open_.empty() ? std::max<std::size_t>(most_, 1) : sets_of_all();
    }

private:
    // Columns that are in the same sets are represented by one of them.
    void classify() {
        std::set<std::vector<bool>> known;
        for (std::size_t column = 0; column <= Nfa::kOthers; ++column) {
            std::vector<bool> in;
            for (const Nfa::Columns& set : nfa_.sets) in.push_back(set.test(column));
            if (known.insert(std::move(in)).second) columns_.push_back(column);
        }
        seen_.resize(nfa_.states.size());
    }

    // Treats anchors as if they held at each place.
    States closure(States open, bool at_start) {
        States out;
        ++mark_;
        while (!open.empty()) {
            const std::uint32_t index = open.back();
            open.pop_back();
            if (std::exchange(seen_[index], mark_) == mark_) continue;
            ++steps_;
            const NfaState& state = nfa_.states[index];
            if (state.step == Step::kSet) {
                out.push_back(index);
            } else if (state.step != Step::kInputStart || at_start) {
                open.insert(open.end(), state.next.begin(), state.next.end());
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    States after(const States& here, std::size_t column) {
        States next;
        steps_ += here.size();
        for (const std::uint32_t state : here) {
            if (nfa_.sets[nfa_.states[state].set].test(column)) {
                next.push_back(nfa_.states[state].next[0]);
            }
        }
        return next;
    }

    void visit(States states) {
        steps_ += states.size();
        most_ = std::max(most_, states.size());
        const auto [at, is_new] = known_.insert(std::move(states));
        if (is_new) open_.push_back(*at);
    }

    std::size_t sets_of_all() const {
        return static_cast<std::size_t>(
            std::count_if(nfa_.states.begin(), nfa_.states.end(),
                          [](const NfaState& state) { return state.step == Step::kSet; }));
    }

    Nfa nfa_{&at_most, 2 * kThreadsMax};
    std::vector<std::size_t> columns_;
    std::vector<std::uint32_t> seen_;  // the closure in which a state was seen last
    std::uint32_t mark_ = 0;
    std::set<States> known_;
    std::vector<States> open_;
    std::size_t steps_ = 0, most_ = 0;
};

}  // namespace

std::size_t thread_bound(const Node& root) {
    return std::min(Walk().run(root), kThreadsMax);
}

}  // namespace snowline::text::java_regex
