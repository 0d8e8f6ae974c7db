#pragma once

#include "common/json/value.h"
#include "iglu/validate/program.h"
#include "iglu/validate/validator.h"

#include <vector>

namespace snowline::iglu::validate {

/// Every violation of the value, worded and gathered as the reference does; empty where there is
/// none. The slow way: `accepts` is asked first.
std::vector<Report> violations(const CompiledSchema& schema, json::Value value);

}  // namespace snowline::iglu::validate
