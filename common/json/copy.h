#pragma once

#include "common/json/arena.h"
#include "common/json/value.h"

namespace snowline::json {

/// A copy of `value` and of everything in it that lives in `arena` alone. No recursion.
Value copy(Value value, Arena& arena);

}  // namespace snowline::json
