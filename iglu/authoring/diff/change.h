#pragma once

#include "common/json/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace snowline::iglu::diff {

/// The version bump that a change needs by SchemaVer: an ADDITION accepts all data that was
/// accepted, a REVISION refuses some, a MODEL refuses most or changes what a column holds.
enum class Bump { kNone, kAddition, kRevision, kModel, kUndecided };
std::string_view name_of(Bump bump);  // `ADDITION`

/// One step from a value to a value inside it.
struct Step {
    enum class Kind { kMember, kItem };
    Kind kind;
    std::string name;  // of a member
};

/// A difference between two schemas at one place.
struct Change {
    Bump bump;
    std::string pointer;  // JSON pointer into the newer schema, or the older one for a removal
    std::string reason;   // for people
    std::string counter_example;  // a JSON text that the old schema accepts and the new one refuses
};

}  // namespace snowline::iglu::diff
