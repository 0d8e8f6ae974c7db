#pragma once

#include "common/json/value.h"
#include "iglu/validate/program.h"
#include "iglu/validate/validator.h"

#include <vector>

namespace snowline::iglu::validate {

/// All violations of the value, worded and combined as in the reference; empty where there is none.
/// Slow: call `is_valid` first.
std::vector<Report> violations(const CompiledSchema& schema, json::Value value);

}  // namespace snowline::iglu::validate
