#pragma once

#include "common/json/value.h"
#include "iglu/schema/budget.h"
#include "iglu/schema/program.h"

namespace snowline::iglu::schema {

/// Does the value satisfy the node? Stops at the first violation, allocates nothing. Once the
/// budget is spent the answer means nothing: the caller asks the budget.
bool accepts(const CompiledSchema& schema, NodeIndex node, json::Value value, Budget& budget);

}  // namespace snowline::iglu::schema
