#pragma once

#include <cstddef>

namespace snowline::text::java_regex {

struct Node;

/// At how many places of the expression a search may be at once, whatever the text: what each
/// character may cost an automaton that does not go back. One for `^.{1,1000}$`, two hundred for
/// `a.{200}`. An upper bound; kThreadsMax where the expression is none of sets, repetitions,
/// alternatives and the text's ends, or too large to be walked through.
std::size_t thread_bound(const Node& root);
constexpr std::size_t kThreadsMax = 10'000;

}  // namespace snowline::text::java_regex
