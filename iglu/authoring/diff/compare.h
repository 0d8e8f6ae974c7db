#pragma once

#include "common/json/value.h"
#include "iglu/authoring/diff/change.h"

#include <vector>

namespace snowline::iglu::diff {

/// A change, and what is needed to look for data that shows it.
struct FoundChange {
    Change change;
    std::vector<Step> steps;  // from the root of an instance to the value that is judged otherwise
    json::Value before, after;  // the schemas of that value
    std::string missing;        // the member that such data lacks; empty where none
};

/// Compares two schemas place by place, as sets of what they accept. Where it says nothing but
/// ADDITIONs, everything that `before` accepts `after` accepts, too: it compares each keyword by
/// itself, and says UNDECIDED where that is not enough (`oneOf` and the like).
std::vector<FoundChange> compare(json::Value before, json::Value after);

}  // namespace snowline::iglu::diff
