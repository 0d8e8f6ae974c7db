#include "common/regex/nfa.h"

#include <algorithm>
#include <utility>

namespace snowline::text::java_regex {

using Kind = Node::Kind;
using Step = NfaState::Step;

Nfa::Columns Nfa::columns_of(const AsciiSet& set) {
    Columns columns;
    for (std::size_t c = 0; c < set.size(); ++c) columns.set(c, set.test(c));
    return columns;
}

std::optional<std::uint32_t> Nfa::add(const Node& node, std::uint32_t next) {
    switch (node.kind) {
        case Kind::kSet:
            return set(node, next);
        case Kind::kInputStart:
            return one({.step = Step::kInputStart, .next = {next}});
        case Kind::kInputEnd:
            return one({.step = Step::kEnd, .next = {next}});
        case Kind::kLastLineEnd:
            return one({.step = Step::kBeforeTerminator, .next = {next}});
        case Kind::kConcatenation:
        case Kind::kCapture:
        case Kind::kGroup:
            return concatenation(node, next);
        case Kind::kAlternation:
            return alternation(node, next);
        case Kind::kRepeat:
            return repeat(node, next);
        default:
            return std::nullopt;
    }
}

std::optional<std::uint32_t> Nfa::one(NfaState state) {
    if (states.size() >= states_max_) return std::nullopt;
    states.push_back(std::move(state));
    return static_cast<std::uint32_t>(states.size() - 1);
}

std::optional<std::uint32_t> Nfa::set(const Node& node, std::uint32_t next) {
    const auto columns = reads_(node);
    if (!columns) return std::nullopt;
    const auto known = std::find(sets.begin(), sets.end(), *columns);
    const auto index = static_cast<std::uint32_t>(known - sets.begin());
    if (known == sets.end()) sets.push_back(*columns);
    return one({.step = Step::kSet, .set = index, .next = {next}});
}

std::optional<std::uint32_t> Nfa::concatenation(const Node& node, std::uint32_t next) {
    std::optional<std::uint32_t> first = next;
    for (auto child = node.children.rbegin(); child != node.children.rend() && first; ++child) {
        first = add(*child, *first);
    }
    return first;
}

std::optional<std::uint32_t> Nfa::alternation(const Node& node, std::uint32_t next) {
    NfaState split;
    for (const Node& child : node.children) {
        const auto first = add(child, next);
        if (!first) return std::nullopt;
        split.next.push_back(*first);
    }
    return one(std::move(split));
}

// Greedy and lazy do not affect whether there is a match; possessive does.
std::optional<std::uint32_t> Nfa::repeat(const Node& node, std::uint32_t next) {
    if (node.greed == Node::Greed::kPossessive || node.min > states_max_) return std::nullopt;
    const Node& child = node.children[0];
    std::optional<std::uint32_t> first = next;
    if (node.max == Node::kUnbounded) {
        const auto loop = one({.next = {next}});
        if (!loop) return std::nullopt;
        const auto body = add(child, *loop);
        if (!body) return std::nullopt;
        states[*loop].next.push_back(*body);
        first = loop;
    } else {
        if (node.max - node.min > states_max_) return std::nullopt;
        for (std::uint32_t i = node.min; i < node.max && first; ++i) {
            const auto body = add(child, *first);
            first = body ? one({.next = {*body, next}}) : std::nullopt;
        }
    }
    for (std::uint32_t i = 0; i < node.min && first; ++i) first = add(child, *first);
    return first;
}

}  // namespace snowline::text::java_regex
