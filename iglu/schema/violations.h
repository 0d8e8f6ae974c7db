#pragma once

#include "common/json/value.h"
#include "iglu/schema/program.h"
#include "iglu/schema/validator.h"

#include <vector>

namespace snowline::iglu::schema {

/// Every violation of the value, worded and gathered as the reference does; empty where there is
/// none. The slow way: `accepts` is asked first.
std::vector<Report> violations(const CompiledSchema& schema, json::Value value);

}  // namespace snowline::iglu::schema
