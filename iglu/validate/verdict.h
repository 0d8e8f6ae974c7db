#pragma once

#include "common/json/value.h"
#include "iglu/validate/program.h"

namespace snowline::iglu::validate {

enum class Outcome { kValid, kInvalid, kLimit };

/// Does the instance satisfy the schema? Stops at the first violation, allocates nothing (but for
/// `uniqueItems` of more than a few items). kLimit: it takes more than Budget allows.
Outcome judge(const Checks& checks, json::Value instance);

}  // namespace snowline::iglu::validate
