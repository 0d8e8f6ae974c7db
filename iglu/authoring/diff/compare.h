#pragma once

#include "common/json/value.h"
#include "iglu/authoring/diff/change.h"

#include <vector>

namespace snowline::iglu::diff {

/// A change, and what is needed to construct data that shows it.
struct FoundChange {
    Change change;
    std::vector<Step> steps;    // from the root of an instance to the value that is affected
    json::Value before, after;  // the schemas of that value
    std::string missing;        // the member that such data must lack; empty: none
};

/// Compares two schemas place by place by what they accept. If all changes are ADDITIONs, `after`
/// accepts everything that `before` accepts. Each keyword is compared by itself; UNDECIDED where
/// that is not enough (`oneOf` and the like).
std::vector<FoundChange> compare(json::Value before, json::Value after);

}  // namespace snowline::iglu::diff
