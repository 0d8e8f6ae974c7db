#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

#include <functional>
#include <vector>

namespace snowline::json {

/// How `rewrite` changes a value.
struct Rewrite {
    /// Gets each object's members, inner objects first, so that their values are done; gives what
    /// they become: changed, renamed, left out, in another order. Of a name that then stands there
    /// twice the last value counts, at the first one's place.
    std::function<std::vector<Member>(std::vector<Member>)> object;
    /// Whether the objects inside a member's value are changed as well; all are where this is
    /// unset.
    std::function<bool(const Member&)> enter;
    /// Whether those inside arrays are.
    bool arrays = true;
};

/// A value rebuilt from its leaves up, in `arena`; what has no objects in it is shared with the
/// original. No recursion.
Value rewrite(Value value, const Rewrite& how, Arena& arena);

/// Two objects made one, recursively: members of `over`, then those that only `base` has. Where
/// one of the two is no object, `over` it is (circe's deepMerge). No recursion.
Value deep_merge(Value base, Value over, Arena& arena);

/// Members as they stand in an object that the reference built from a map (see java_map_order.h).
std::vector<Member> in_scala_map_order(std::vector<Member> members);

}  // namespace snowline::json
