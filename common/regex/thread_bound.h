#pragma once

#include <cstddef>

namespace snowline::text::java_regex {

struct Node;

/// How many states of the automaton a search may be in at once, whatever the text: the cost of each
/// character for an automaton without backtracking. 1 for `^.{1,1000}$`, 200 for `a.{200}`. An
/// upper bound; kThreadsMax where the expression has more than sets, repetitions, alternatives and
/// the text's ends, or is too large to analyse.
std::size_t thread_bound(const Node& root);
constexpr std::size_t kThreadsMax = 10'000;

}  // namespace snowline::text::java_regex
