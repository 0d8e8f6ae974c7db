#pragma once

#include "common/json/value.h"
#include "common/model/schema_key.h"
#include "common/result.h"
#include "iglu/authoring/diff/change.h"

#include <string>
#include <vector>

namespace snowline::iglu::diff {

/// What a newer schema is to an older one.
struct Difference {
    Bump bump = Bump::kNone;      // the least that SchemaVer allows
    std::vector<Change> changes;  // that ask for one, and those that widen; the gravest first

    bool accepts_all_before() const { return bump == Bump::kNone || bump == Bump::kAddition; }
};

/// Compares two schemas. Every REVISION and MODEL comes with a real instance that `before` accepts
/// and `after` refuses, as the validator confirms; a change for which none is found is UNDECIDED.
/// The error says which of the two cannot be used.
Result<Difference> diff(json::Value before, json::Value after);

/// The bump that two versions declare; kNone where they are equal.
Bump declared_bump(const model::SchemaVer& before, const model::SchemaVer& after);

/// Whether a declared bump is enough for a difference.
bool is_enough(Bump declared, Bump needed);

}  // namespace snowline::iglu::diff
