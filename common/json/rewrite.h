#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <functional>
#include <vector>

namespace snowline::json {

/// How `rewrite` changes a value.
struct Rewrite {
    /// Called with each object's members, inner objects first; returns the members that replace
    /// them: changed, renamed, left out or reordered. Of a name that is then there twice the last
    /// value counts, at the first one's place.
    std::function<std::vector<Member>(std::vector<Member>)> object;
    /// Whether to descend into a member's value; unset: into all.
    std::function<bool(const Member&)> enter;
    /// Whether to descend into arrays.
    bool arrays = true;
};

/// A copy of `value`, changed from the leaves up, in `arena`; parts without objects are shared with
/// the original. No recursion.
Value rewrite(Value value, const Rewrite& how, Arena& arena);

/// Merges two objects recursively: the members of `over`, then those that only `base` has. Where
/// one of the two is no object the result is `over` (circe's deepMerge). No recursion.
Value deep_merge(Value base, Value over, Arena& arena);

/// Members as they stand in an object that the reference built from a map (see java_map_order.h).
std::vector<Member> in_scala_map_order(std::vector<Member> members);

}  // namespace snowline::json
