#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"
#include "iglu/authoring/diff/change.h"

#include <string>
#include <vector>

namespace snowline::iglu::diff {

/// The difference between an older and a newer schema.
struct Difference {
    Bump bump = Bump::kNone;      // the least bump that SchemaVer allows
    std::vector<Change> changes;  // those that need a bump, and those that widen; the gravest first

    bool accepts_all_before() const { return bump == Bump::kNone || bump == Bump::kAddition; }
};

/// Compares two schemas. Every REVISION and MODEL has an instance that `before` accepts and `after`
/// refuses, as the validator confirms; a change without such an instance is UNDECIDED. The error
/// says which of the two schemas is invalid.
Result<Difference> diff(json::Value before, json::Value after);

/// The bump that two versions declare; kNone where they are equal.
Bump declared_bump(const model::SchemaVer& before, const model::SchemaVer& after);

/// Whether the declared bump covers the needed one.
bool is_enough(Bump declared, Bump needed);

}  // namespace snowline::iglu::diff
