#pragma once

#include "common/json/value.h"
#include "iglu/validate/budget.h"

#include <cstdint>
#include <span>

namespace snowline::iglu::validate {

/// When two numbers are equal.
enum class NumberEquality {
    kMathematical,  // `enum`: 1 is 1.0, as draft-04 has it
    kSameKind,      // `uniqueItems`: 1 is not 1.0, but 1.0 is 1.00, as the reference has it
};

/// Equality of JSON values; the order of members is ignored. False where the budget is used up.
bool equal(json::Value left, json::Value right, NumberEquality numbers, Budget& budget);

/// Whether all items are different. Linear in their size, also for items crafted to collide.
bool all_unique(std::span<const json::Value> items, Budget& budget);

}  // namespace snowline::iglu::validate
