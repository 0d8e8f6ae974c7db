#pragma once

#include "common/json/value.h"
#include "iglu/validate/program.h"

namespace snowline::iglu::validate {

enum class Outcome { kValid, kInvalid, kLimit };

/// Validates the instance. Stops at the first violation; allocates nothing, except for
/// `uniqueItems` of more than a few items. kLimit: it exceeds the Budget.
Outcome judge(const Checks& checks, json::Value instance);

}  // namespace snowline::iglu::validate
